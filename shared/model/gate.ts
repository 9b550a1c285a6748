import * as z from 'zod'
import type { CheckItemId } from './finding.ts'
import type { Message } from './message.ts'
import type { Operation } from './operation.ts'
import type { KeptFinding, ReadinessCell, ToldFinding } from './readiness.ts'
import { isApplicable, touchesOf } from './touches.ts'

const Says = z.enum(['allow', 'deny'])

/** What the owner of a database wants of the gate where it is neither plainly safe nor plainly broken. */
export const GateRule = z.strictObject({
  warnings: Says.describe('Of an operation that runs with a risk.'),
  inconclusive: Says.describe('Of an operation of which nobody knows whether it would work.'),
})
export type GateRule = Readonly<z.infer<typeof GateRule>>

/** What holds where no policy says otherwise: a risk stops no backup, and could not check is never green. */
export const defaultGateRule: GateRule = { warnings: 'allow', inconclusive: 'deny' }

/** A result that is older is no answer, whoever asks: a week, in seconds. */
export const maxGateAgeSeconds = 7 * 24 * 60 * 60

/** From best to worst. */
const decisions = ['allow', 'inconclusive', 'deny'] as const

/** What is known of an operation; whether it may run on that is `proceed`, which is for the policy to say. */
export const GateDecision = z.enum(decisions)
export type GateDecision = z.infer<typeof GateDecision>

/** A decision, and whether the operation may run on it. */
export interface Ruling {
  readonly decision: GateDecision
  readonly proceed: boolean
}

/** What a finding does to the operation; `undetermined`: its check item could not judge it. */
export const GateEffect = z.enum(['blocks', 'limits', 'undetermined', 'obscures', 'degrades'])
export type GateEffect = z.infer<typeof GateEffect>

/** Why the operation may not run, or with which risk. */
export interface GateReason {
  readonly effect: GateEffect
  readonly checkItem: CheckItemId
  /** What is found, or, where nothing could be, why not; null: nobody knows why. */
  readonly message: Message | null
  /** Null where nothing could be found out. */
  readonly fingerprint: string | null
}

/** A database as the gate judges it: its cell of the readiness table. */
export interface GateRow {
  readonly database: string
  readonly cell: ReadinessCell
}

/** How a database was judged. What is said of the whole instance stands beside it, and not here. */
export interface JudgedDatabase extends Ruling {
  readonly database: string
  readonly reasons: readonly GateReason[]
}

/** What the gate came to: the worst of its databases, and why. */
export interface Judgement extends Ruling {
  /** Of the whole instance. */
  readonly reasons: readonly GateReason[]
  /** Worst first. */
  readonly databases: readonly JudgedDatabase[]
}

/** What the gate judges by. */
export interface GateQuestion {
  readonly operation: Operation
  /** The cell of the instance. */
  readonly instance: ReadinessCell
  readonly rows: readonly GateRow[]
  /** `named`: those of the job; `all`: those of the instance, without what the operation is not for; `first`: some of them, the cell of the instance speaks for the rest. */
  readonly rowsAre: 'named' | 'all' | 'first'
  /** What the cells name. */
  readonly findings: readonly ToldFinding[]
  /** Why a check item could not be determined. */
  readonly whyUndetermined: (checkItem: CheckItemId) => Message | null
  /** Of a database; of the instance where the name is left out. */
  readonly ruleFor: (database?: string) => GateRule
}

const worstOf = (found: readonly GateDecision[]): GateDecision =>
  decisions.findLast((decision) => found.includes(decision)) ?? 'inconclusive'

/** Whether an operation may run on a decision. */
const rulingOf = (decision: GateDecision, rule: GateRule): Ruling => ({
  decision,
  proceed: decision === 'allow' || (decision === 'inconclusive' && rule.inconclusive === 'allow'),
})

/** What else is known besides goes on counting: one more finding never makes it better. */
const decide = ({ verdict }: ReadinessCell, isRisky: boolean, { warnings }: GateRule): GateDecision => {
  if (verdict === 'blocked' || (isRisky && warnings === 'deny')) return 'deny'
  return verdict === 'unknown' ? 'inconclusive' : 'allow'
}

const effectsOf = (operation: Operation, finding: ToldFinding): GateReason[] => {
  const { checkItem, message, fingerprint } = finding
  const touching = (['blocks', 'limits', 'obscures', 'degrades'] as const).filter((effect) =>
    finding[effect].includes(operation),
  )
  return touching.map((effect) => ({ effect, checkItem, message, fingerprint }))
}

const byWeight = (one: GateReason, other: GateReason): number =>
  GateEffect.options.indexOf(one.effect) - GateEffect.options.indexOf(other.effect)

const isOfInstance = ({ object }: KeptFinding): boolean => object.type === 'instance'

const judgeRow = (
  { operation, rowsAre, ruleFor }: GateQuestion,
  known: ReadonlyMap<string, ToldFinding>,
  { database, cell }: GateRow,
) => {
  const touching = cell.findings.flatMap((fingerprint) => known.get(fingerprint) ?? [])
  const isRisky = touching.some(({ degrades }) => degrades.includes(operation))
  const rule = ruleFor(database)
  const own = touching.filter((finding) => !isOfInstance(finding))
  return {
    isMeant: rowsAre === 'named' || isApplicable(operation, touchesOf(own)),
    judged: {
      database,
      ...rulingOf(decide(cell, isRisky, rule), rule),
      reasons: own.flatMap((finding) => effectsOf(operation, finding)).toSorted(byWeight),
    },
  }
}

/** What decides: what the operation is not for does not, unless there is nothing else. */
const judgeRows = (question: GateQuestion, known: ReadonlyMap<string, ToldFinding>): JudgedDatabase[] => {
  const rows = question.rows.map((row) => judgeRow(question, known, row))
  const meant = rows.filter(({ isMeant }) => isMeant)
  const deciding = meant.length > 0 || question.rowsAre === 'first' ? meant : rows
  return deciding
    .map(({ judged }) => judged)
    .toSorted((one, other) => decisions.indexOf(other.decision) - decisions.indexOf(one.decision))
}

/**
 * Decides whether an operation may run, by the readiness of what it is for. It is never allowed where a cell is
 * `blocked`, nor where one is `unknown`; on the latter it may run where the policy says so.
 */
export const judgeGate = (question: GateQuestion): Judgement => {
  const { operation, instance, rowsAre, findings, whyUndetermined, ruleFor } = question
  const databases = judgeRows(question, new Map(findings.map((each) => [each.fingerprint, each])))
  const rule = ruleFor()
  const whole = rulingOf(decide(instance, instance.verdict === 'degraded', rule), rule)
  const deciding: readonly Ruling[] =
    databases.length > 0 && rowsAre !== 'first' ? databases : [...databases, whole]
  const ofInstance = findings.filter(isOfInstance).flatMap((finding) => effectsOf(operation, finding))
  const undetermined = instance.undetermined.map((checkItem): GateReason => {
    return { effect: 'undetermined', checkItem, message: whyUndetermined(checkItem), fingerprint: null }
  })
  return {
    decision: worstOf(deciding.map(({ decision }) => decision)),
    proceed: deciding.every(({ proceed }) => proceed),
    reasons: [...ofInstance, ...undetermined].toSorted(byWeight),
    databases,
  }
}
