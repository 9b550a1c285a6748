import type { Change, FieldChange, Plan } from '../fleet/plan.ts'
import type { Applied } from '../service/apply-changes.ts'
import { harmless } from '../service/command-failed.ts'
import { indented } from './layout.ts'
import type { Paint } from './paint.ts'

/** What came of a plan, or would. */
export interface ApplyResult {
  readonly isDryRun: boolean
  readonly applied: readonly Applied[]
  readonly refused: Plan['refused']
  readonly unchanged: number
}

const signs = { create: '+', change: '~', remove: '-' } as const
const tones = { create: 'good', change: 'fair', remove: 'bad' } as const
const done = { create: 'created', change: 'changed', remove: 'removed' } as const
const ahead = { create: 'to create', change: 'to change', remove: 'to remove' } as const

/** How many could not be made. */
export const failuresOf = ({ applied, refused }: ApplyResult): number =>
  refused.length + applied.filter(({ fault }) => fault !== null).length

const sentence = (result: ApplyResult): string => {
  const { isDryRun, applied, unchanged } = result
  const words = isDryRun ? ahead : done
  const made = applied.filter(({ fault }) => fault === null)
  const counts: readonly (readonly [number, string])[] = [
    ...(['create', 'change', 'remove'] as const).map(
      (each) => [made.filter(({ change }) => change.action === each).length, words[each]] as const,
    ),
    [unchanged, 'unchanged'],
    [failuresOf(result), isDryRun ? 'refused' : 'failed'],
  ]
  const told = counts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`)
  return `${told.join(', ')}.`
}

const valueText = (value: unknown): string => (value === undefined ? '–' : JSON.stringify(value))

const fieldLine = ({ field, before, after }: FieldChange): string =>
  `${field}: ${valueText(before)} → ${valueText(after)}`

const placeOf = (change: Change): string => (change.action === 'remove' ? '' : `  ${change.place}`)

const block = (sign: string, head: string, lines: readonly string[]): string[] => [
  `${sign} ${harmless(head)}`,
  ...indented(lines.map(harmless), 4),
]

const appliedLines = ({ change, fault }: Applied, paint: Paint): string[] => {
  const head = `${change.kind} ${change.name}${placeOf(change)}`
  if (fault) return block(paint.bad('✘'), head, [fault.message])
  const { action } = change
  return block(
    paint[tones[action]](signs[action]),
    head,
    action === 'change' ? change.fields.map(fieldLine) : [],
  )
}

const secretsHint =
  'The secrets of new webhooks are not shown here: POST /v1/webhooks/{id}/secret gives each another one.'

const hasNewSecrets = ({ isDryRun, applied }: ApplyResult): boolean =>
  !isDryRun &&
  applied.some(
    ({ change, fault }) => fault === null && change.action === 'create' && change.kind === 'webhook',
  )

/** What was done, or would be, in a sentence, and then everything but what is unchanged. */
export const applyReport = (result: ApplyResult, paint: Paint): string =>
  [
    sentence(result),
    ...result.refused.flatMap(({ subject, place, message }) =>
      block(paint.bad('✘'), `${subject}  ${place}`, [message]),
    ),
    ...result.applied.flatMap((each) => appliedLines(each, paint)),
    ...(hasNewSecrets(result) ? [secretsHint] : []),
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
  refused,
})
