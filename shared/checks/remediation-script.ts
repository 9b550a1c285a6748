import type { Engine } from '../model/engine.ts'
import type { Finding } from '../model/finding.ts'
import type { ItemResult } from '../model/item-result.ts'
import { type Locale, type Params, type Text, fill } from '../model/message.ts'
import type { RenderedStep } from '../model/remediation.ts'
import { engines } from './catalogue.ts'
import { type ScriptLanguage, defused } from './framework/script-language.ts'
import { renderMessage, renderRemediation, renderTerms } from './render.ts'

/** What a script says beside the texts of findings and steps. */
export const scriptTexts = {
  head: {
    en: 'Fixes for the findings on {instanceId}, precheck {precheckId}. Read each part before you run it.',
    zh: '针对 {instanceId} 的发现（预检 {precheckId}）的修复脚本。执行前请先阅读每个部分。',
  },
  blocks: { en: 'Blocks: {operations}', zh: '无法执行：{operations}' },
  about: { en: '{text} (risk: {risk}, needs: {needs})', zh: '{text}（风险：{risk}；权限：{needs}）' },
  byHand: { en: 'By hand: {about}', zh: '手工操作：{about}' },
  elsewhere: { en: '{about} In {language}:', zh: '{about} 使用 {language}：' },
  atTheEnd: {
    en: 'What may lose data stands at the end of this script.',
    zh: '可能丢失数据的步骤见本脚本末尾。',
  },
  verify: { en: 'To verify:', zh: '验证：' },
  lossy: {
    en: 'The steps below may lose data, which cannot be undone. They are commented out: take a backup where you can, be sure of each, and run them one by one.',
    zh: '以下步骤可能丢失数据且无法撤销，因此已注释。请尽可能先备份，逐条确认后再单独执行。',
  },
  some: {
    en: 'The first {shown} of {findings} findings. For one database: {path}',
    zh: '仅含前 {shown} 条发现（共 {findings} 条）。单个数据库的脚本：{path}',
  },
  nothing: { en: 'Nothing to fix.', zh: '没有需要修复的问题。' },
} as const satisfies Record<string, Text>

interface Writer {
  readonly language: ScriptLanguage
  readonly locale: Locale
}

/**
 * Line comments only. What the client of the script would expand even there is escaped: a name must not get out of its
 * comment.
 */
const comment = (text: string, { language }: Writer): string[] =>
  text
    .split(/[\r\n\u0085\u2028\u2029]/)
    .filter((line) => line.trim() !== '')
    .map((line) => `-- ${defused(line, language)}`)

const say = (name: keyof typeof scriptTexts, params: Params, writer: Writer): string =>
  fill(scriptTexts[name], params, writer.locale)

const aboutStep = ({ text, riskText, needsText }: RenderedStep, writer: Writer): string =>
  say('about', { text, risk: riskText, needs: needsText }, writer)

const linesOf = (step: RenderedStep, writer: Writer): string[] => {
  const { language, command, escapedCommand } = step
  const about = aboutStep(step, writer)
  if (command === null) {
    return [
      ...comment(say('byHand', { about }, writer), writer),
      ...(escapedCommand === undefined ? [] : comment(escapedCommand, writer)),
    ]
  }
  if (language === writer.language.name) return [...comment(about, writer), command]
  return [...comment(say('elsewhere', { about, language }, writer), writer), ...comment(command, writer)]
}

const headerOf = ({ checkItem, object, message, blocks }: Finding, writer: Writer): string[] => [
  ...comment(`${checkItem}  ${object.type} ${object.name}`, writer),
  ...comment(renderMessage(checkItem, message, writer.locale), writer),
  ...(blocks.length > 0
    ? comment(say('blocks', { operations: renderTerms(blocks, writer.locale) }, writer), writer)
    : []),
]

const isLossy = ({ risk }: RenderedStep): boolean => risk === 'data-loss'

const sectionOf = (finding: Finding, writer: Writer): string[] => {
  if (!finding.remediation) return []
  const { steps, verify } = renderRemediation(finding.remediation, writer.locale)
  return [
    ...headerOf(finding, writer),
    ...steps.filter((step) => !isLossy(step)).flatMap((step) => linesOf(step, writer)),
    ...(steps.some(isLossy) ? comment(say('atTheEnd', {}, writer), writer) : []),
    ...(verify ? [...comment(say('verify', {}, writer), writer), ...comment(verify.query, writer)] : []),
    '',
  ]
}

/** What may lose data stands alone, and nothing of it runs with the rest. */
const lossySectionOf = (finding: Finding, writer: Writer): string[] => {
  if (!finding.remediation) return []
  const lossy = renderRemediation(finding.remediation, writer.locale).steps.filter(isLossy)
  if (lossy.length === 0) return []
  return [
    ...comment(`${finding.checkItem}  ${finding.object.type} ${finding.object.name}`, writer),
    ...lossy.flatMap((step) => {
      const { command, escapedCommand } = step
      return [aboutStep(step, writer), command ?? escapedCommand ?? ''].flatMap((text) =>
        comment(text, writer),
      )
    }),
    '',
  ]
}

/** What a script is made for. */
export interface ScriptRequest {
  readonly precheckId: string
  readonly instanceId: string
  readonly engine: Engine
  readonly results: readonly ItemResult[]
  /** Left out: all that is found. */
  readonly database?: string | undefined
}

/** What is said where the findings are too many for one script. */
const cutOf = ({ precheckId, results }: ScriptRequest, writer: Writer): string[] => {
  if (results.every(({ pages }) => pages === undefined)) return []
  const sum = (count: (result: ItemResult) => number) => results.reduce((all, each) => all + count(each), 0)
  const shown = sum(({ findings }) => findings.length)
  const findings = sum((result) => result.pages?.totals.findings ?? result.findings.length)
  const path = `/v1/prechecks/${precheckId}/remediation.sql?database=NAME`
  return comment(say('some', { shown, findings, path }, writer), writer)
}

/**
 * One script with the remediation of every finding, worst first, and what may lose data at the end. It is for reading:
 * nothing of it is executed by this service, and each step names its risk and the right that it needs.
 */
export const remediationScript = (request: ScriptRequest, locale: Locale): string => {
  const { precheckId, instanceId, engine, results, database } = request
  const writer = { language: engines[engine].script, locale }
  const findings = results
    .flatMap((result) => result.findings)
    .filter(
      ({ object: { type, name } }) => database === undefined || (type !== 'instance' && name === database),
    )
  const ordered = (['failed', 'error', 'warning', 'note'] as const).flatMap((level) =>
    findings.filter((finding) => finding.level === level),
  )
  const sections = ordered.flatMap((finding) => sectionOf(finding, writer))
  const lossy = ordered.flatMap((finding) => lossySectionOf(finding, writer))
  return [
    ...comment(say('head', { instanceId, precheckId }, writer), writer),
    ...(database === undefined ? cutOf(request, writer) : []),
    '',
    ...(sections.length > 0 ? sections : comment(say('nothing', {}, writer), writer)),
    ...(lossy.length > 0 ? [...comment(say('lossy', {}, writer), writer), '', ...lossy] : []),
    '',
  ].join('\n')
}
