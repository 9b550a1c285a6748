import type { GateView } from '../../../functions/api/views/gate-view.ts'
import type { Paint } from './paint.ts'

type Reason = GateView['reasons'][number]

const tones = { allow: 'good', inconclusive: 'odd', deny: 'bad' } as const
const effectTones = {
  blocks: 'bad',
  limits: 'bad',
  undetermined: 'odd',
  obscures: 'odd',
  degrades: 'fair',
} as const

/** What the operation is called in a sentence. */
const names = {
  full: 'full backup',
  incremental: 'incremental backup',
  log: 'log backup',
  restore: 'restore',
} as const

const sentenceOf = ({ instanceId, operation, decision, proceed, state }: GateView): string => {
  const what = `the ${names[operation]} of ${instanceId}`
  if (decision === 'allow') return `${what} may run.`
  if (decision === 'deny') return `${what} may not run.`
  const why =
    state === 'running'
      ? 'the precheck has not ended in time'
      : 'not everything that decides it could be determined'
  return `${why}; by the policy ${what} ${proceed ? 'may' : 'may not'} run.`
}

const ageOf = (seconds: number): string =>
  seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`

const reasonLine = ({ effect, checkItem, text }: Reason, paint: Paint): string =>
  `${paint[effectTones[effect]](effect)} ${checkItem}: ${text}`

/** What the gate says, as a person reads it in the log of a job. */
export const gateReport = (answer: GateView, paint: Paint): string => {
  const { instanceId, decision, reasons, databases, total, precheckId, ageSeconds } = answer
  const of = databases.filter((each) => each.reasons.length > 0)
  const hidden = (total ?? databases.length) - databases.length
  const fixes = reasons.length > 0 || of.length > 0
  return [
    `${paint[tones[decision]](decision.toUpperCase())}: ${sentenceOf(answer)}`,
    ...reasons.map((reason) => `  ${reasonLine(reason, paint)}`),
    ...of.flatMap((each) => each.reasons.map((reason) => `  ${each.database}: ${reasonLine(reason, paint)}`)),
    ...(hidden > 0
      ? [paint.dim(`  … and ${hidden} more databases; name those of the job with --database`)]
      : []),
    paint.dim(
      ageSeconds === null
        ? `Follow it with: precheck watch ${precheckId}`
        : `By ${precheckId}, which ended ${ageOf(ageSeconds)} ago${fixes ? `; what to do: precheck last ${instanceId}` : '.'}`,
    ),
    '',
  ].join('\n')
}
