import type { Message } from '../model/message.ts'
import type { ItemResult, Vantage } from '../model/item-result.ts'
import { rightMissing } from '../model/outcome.ts'
import type { Check, CheckContext } from './framework/define-check.ts'
import type { Problem } from './problems/problem.ts'
import { engines } from './catalogue.ts'
import { type Verdict, determined } from './determined.ts'
import { problems } from './problem-catalogue.ts'

/** What a probe came back with: an answer to judge, or why there is none. */
export type ProbeOutcome = ({ readonly answer: unknown } | { readonly problem: Problem }) & {
  /** Of a connection that was made twice. */
  readonly retried?: Message
}

/** From where, when and for how long the probe looked. `startedAt` is UTC. */
export interface Look {
  readonly vantage: Vantage
  readonly startedAt: string
  readonly durationMs: number
  readonly retried?: Message
}

const undetermined = (reason: Problem): Verdict => ({
  status: problems[reason.code]?.status ?? 'error',
  reason,
  observed: {},
  findings: [],
  databases: [],
  excluded: [],
})

/** The login may not ask what an item needs that is not essential: no failure of anything, and the GRANT is told. */
const withoutRight = (
  { engine, privileges }: Check,
  { target }: CheckContext,
  { params }: Problem,
): Problem => {
  const login = target.definition.connection.credential.username
  const known = engine === 'all' ? {} : engines[engine].privileges
  const grants = privileges.flatMap((name) => known[name]?.grants(login) ?? [])
  return {
    code: rightMissing,
    params: { ...params, rights: privileges, grants: [...new Set(grants)].join(' ') },
  }
}

/**
 * A problem that the item claims is a finding of it; one that a sibling claims skips the item in favour of the
 * sibling; any other leaves the item undetermined.
 */
const judgeProblem = (
  check: Check,
  siblings: () => readonly Check[],
  context: CheckContext,
  problem: Problem,
): Verdict => {
  const claim = check.claims?.[problem.code]
  if (claim) return determined(check, context, claim(problem, context))
  const responsible = siblings().find(({ claims }) => claims && problem.code in claims)
  if (responsible) {
    return undetermined({
      code: 'DEPENDENCY_NOT_PASSED',
      params: { checkItem: responsible.id, because: problem.code },
    })
  }
  const isForgone = check.set !== 'essential' && problem.code === 'PRIVILEGE_MISSING'
  return undetermined(isForgone ? withoutRight(check, context, problem) : problem)
}

const judgeAnswer = (check: Check, context: CheckContext, answer: unknown): Verdict => {
  const conclusion = check.conclude(answer, context)
  return 'malformed' in conclusion
    ? undetermined({ code: 'UNEXPECTED_ANSWER', params: { detail: conclusion.malformed } })
    : determined(check, context, conclusion)
}

/** Judges what a probe brought back. Pure. `siblings`: the check items of the same precheck. */
export const judge = (
  check: Check,
  siblings: () => readonly Check[],
  context: CheckContext,
  outcome: ProbeOutcome,
  look: Look,
): ItemResult => ({
  checkItem: check.id,
  ...look,
  ...('problem' in outcome
    ? judgeProblem(check, siblings, context, outcome.problem)
    : judgeAnswer(check, context, outcome.answer)),
})
