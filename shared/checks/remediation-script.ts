import type { Engine } from '../model/engine.ts'
import type { Finding } from '../model/finding.ts'
import type { ItemResult } from '../model/item-result.ts'
import type { Locale } from '../model/message.ts'
import type { Language } from '../model/remediation.ts'
import { engines } from './catalogue.ts'
import { renderMessage } from './render.ts'

/** Line comments only: a name with a newline in it must not get out of its comment. */
const comment = (text: string): string[] =>
  text.split(/[\r\n\u0085\u2028\u2029]+/).map((line) => `-- ${line}`)

const headerOf = (finding: Finding, locale: Locale): string[] => [
  ...comment(`${finding.checkItem}  ${finding.object.type} ${finding.object.name}`),
  ...comment(renderMessage(finding.checkItem, finding.message, locale)),
  ...(finding.blocks.length > 0 ? comment(`blocks: ${finding.blocks.join(', ')}`) : []),
]

/** How a step is carried out that the script cannot run. */
const runBy = (language: Language, script: Language): string => {
  if (language === script) return ''
  return language === 'manual' ? ', manual step' : `, run in ${language}`
}

const sectionOf = (finding: Finding, engine: Engine, locale: Locale): string[] => {
  const { remediation } = finding
  if (!remediation) return []
  const { script } = engines[engine]
  const steps = remediation.steps.flatMap(({ language, command, risk }) => [
    ...comment(`risk: ${risk}${runBy(language, script)}`),
    ...(language === script ? [command] : comment(command)),
  ])
  const verify = remediation.verify ? [...comment('verify:'), ...comment(remediation.verify.query)] : []
  return [...headerOf(finding, locale), ...steps, ...verify, '']
}

/** What a script is made for. */
export interface ScriptRequest {
  readonly precheckId: string
  readonly instanceId: string
  readonly engine: Engine
  readonly results: readonly ItemResult[]
}

/**
 * One script with the remediation of every finding, worst first. It is for reading: nothing of it is executed by this
 * service, and each part names its risk.
 */
export const remediationScript = (request: ScriptRequest, locale: Locale): string => {
  const { precheckId, instanceId, engine, results } = request
  const findings = results.flatMap((result) => result.findings)
  const ordered = (['failed', 'error', 'warning', 'note'] as const).flatMap((level) =>
    findings.filter((finding) => finding.level === level),
  )
  const sections = ordered.flatMap((finding) => sectionOf(finding, engine, locale))
  return [
    ...comment(
      `Fixes for the findings on ${instanceId}, precheck ${precheckId}. Read each part before you run it.`,
    ),
    '',
    ...(sections.length > 0 ? sections : comment('Nothing to fix.')),
    '',
  ].join('\n')
}
