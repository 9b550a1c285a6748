import { inEveryLanguage } from '../../../shared/model/failure.ts'
import type { Change, FieldChange, Plan } from '../fleet/plan.ts'
import type { Applied } from '../service/apply-changes.ts'
import { harmless } from '../service/command-failed.ts'
import { indented } from './layout.ts'
import type { Look, Say } from './terminal.ts'

/** What came of a plan, or would. */
export interface ApplyResult {
  readonly isDryRun: boolean
  readonly applied: readonly Applied[]
  readonly refused: Plan['refused']
  readonly unchanged: number
}

const signs = { create: '+', change: '~', remove: '-' } as const
const tones = { create: 'good', change: 'fair', remove: 'bad' } as const
const done = {
  create: { en: 'created', zh: '已创建' },
  change: { en: 'changed', zh: '已修改' },
  remove: { en: 'removed', zh: '已移除' },
} as const
const ahead = {
  create: { en: 'to create', zh: '将创建' },
  change: { en: 'to change', zh: '将修改' },
  remove: { en: 'to remove', zh: '将移除' },
} as const
const unchangedWord = { en: 'unchanged', zh: '无变化' }

/** How many could not be made. */
export const failuresOf = ({ applied, refused }: ApplyResult): number =>
  refused.length + applied.filter(({ fault }) => fault !== null).length

const sentence = (result: ApplyResult, say: Say): string => {
  const { isDryRun, applied, unchanged } = result
  const words = isDryRun ? ahead : done
  const made = applied.filter(({ fault }) => fault === null)
  const failed = isDryRun ? { en: 'refused', zh: '被拒绝' } : { en: 'failed', zh: '失败' }
  const counts = [
    ...(['create', 'change', 'remove'] as const).map((each) => ({
      count: made.filter(({ change }) => change.action === each).length,
      word: words[each],
    })),
    { count: unchanged, word: unchangedWord },
    { count: failuresOf(result), word: failed },
  ]
  const told = counts
    .filter(({ count }) => count > 0)
    .map(({ count, word }) => say({ en: `${count} ${word.en}`, zh: `${word.zh} ${count}` }))
  return say({ en: `${told.join(', ')}.`, zh: `${told.join('，')}。` })
}

const valueText = (value: unknown): string => (value === undefined ? '–' : JSON.stringify(value))

const fieldLine = ({ field, before, after }: FieldChange): string =>
  `${field}: ${valueText(before)} → ${valueText(after)}`

const placeOf = (change: Change): string => (change.action === 'remove' ? '' : `  ${change.place}`)

const block = (sign: string, head: string, lines: readonly string[]): string[] => [
  `${sign} ${harmless(head)}`,
  ...indented(lines.map(harmless), 4),
]

const appliedLines = ({ change, fault }: Applied, { paint, say }: Look): string[] => {
  const head = `${change.kind} ${change.name}${placeOf(change)}`
  if (fault) return block(paint.bad('✘'), head, [say(fault.text)])
  const { action } = change
  return block(
    paint[tones[action]](signs[action]),
    head,
    action === 'change' ? change.fields.map(fieldLine) : [],
  )
}

const secretsHint = {
  en: 'The secrets of new webhooks are not shown here: "precheck webhook rotate" gives each another one.',
  zh: '新 Webhook 的密钥不在此显示：可用 precheck webhook rotate 更换并查看。',
}

const hasNewSecrets = ({ isDryRun, applied }: ApplyResult): boolean =>
  !isDryRun &&
  applied.some(
    ({ change, fault }) => fault === null && change.action === 'create' && change.kind === 'webhook',
  )

/** What was done, or would be, in a sentence, and then everything but what is unchanged. */
export const applyReport = (result: ApplyResult, look: Look): string =>
  [
    sentence(result, look.say),
    ...result.refused.flatMap(({ subject, place, message }) =>
      block(look.paint.bad('✘'), `${subject}  ${place}`, [look.say(inEveryLanguage(message))]),
    ),
    ...result.applied.flatMap((each) => appliedLines(each, look)),
    ...(hasNewSecrets(result) ? [look.say(secretsHint)] : []),
    '',
  ].join('\n')

const changeJson = ({ change, fault }: Applied) => {
  const { action, kind, name } = change
  return {
    action,
    kind,
    name,
    ...(change.action !== 'remove' && { place: change.place }),
    ...(change.action === 'change' && { fields: change.fields }),
    failure: fault && { code: fault.code, message: fault.message },
  }
}

/** The same for programs. */
export const applyJson = ({ isDryRun, applied, refused, unchanged }: ApplyResult) => ({
  dryRun: isDryRun,
  unchanged,
  changes: applied.map(changeJson),
  // Programs read English, as they do of failures.
  refused: refused.map((each) => ({ ...each, message: inEveryLanguage(each.message).en })),
})
