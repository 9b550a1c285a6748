import type { ProbeOutcome } from '../checks/judge.ts'
import type { Problem } from '../checks/framework/problem.ts'
import type { Endpoints } from '../checks/framework/question.ts'
import type { ProbeLimit } from './probe.ts'

/** The ECS instance on which a database runs. */
export interface EcsHost {
  /** `i-…` */
  readonly ecsInstanceId: string
  readonly region: string
  readonly platform: 'linux' | 'windows'
}

/** Which endpoints an instance is to reach; `limitMs` is the time for each, all at once. */
export interface HostQuestion extends Endpoints, ProbeLimit {
  readonly host: EcsHost
}

/** What came of asking: an id by which the answer is read later. */
export type ReachStart = { readonly invocationId: string } | { readonly problem: Problem }

/** What there is to read: nothing yet, an answer of the HTTPS probe's shape (`Reach[]`), or why there will be none. */
export type ReachReading = { readonly pending: true } | ProbeOutcome

/** Asks the HTTPS question on the instance itself. Nothing here waits for the instance, and nothing rejects. */
export interface HostReach {
  /** Starts once for all calls with one dedupe id, so that a message may be delivered again. */
  readonly startReach: (question: HostQuestion, dedupeId: string) => Promise<ReachStart>
  readonly readReach: (question: HostQuestion, invocationId: string) => Promise<ReachReading>
}
