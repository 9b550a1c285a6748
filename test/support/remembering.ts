import type { ProbeOutcome } from '../../shared/checks/framework/judge.ts'
import type { Probes } from '../../shared/ports/probe.ts'

/** Probes that ask a real server each question once and give the same answer from then on, for tests of what comes after it. */
export const remembering = (probes: Probes): Probes => {
  const outcomes = new Map<string, Promise<ProbeOutcome>>()
  const once = (question: unknown, ask: () => Promise<ProbeOutcome>): Promise<ProbeOutcome> => {
    const key = JSON.stringify(question)
    const outcome = outcomes.get(key) ?? ask()
    outcomes.set(key, outcome)
    return outcome
  }
  return {
    https: (target) => once(target.urls, () => probes.https(target)),
    oracle: (target) => once(target.queries, () => probes.oracle(target)),
    sqlserver: (target) => once(target.queries, () => probes.sqlserver(target)),
  }
}
