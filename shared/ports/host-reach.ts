import type { ProbeOutcome } from '../checks/judge.ts'
import type { Problem } from '../checks/problems/problem.ts'
import type { Endpoints, HostAsk } from '../checks/framework/question.ts'
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

/** What is to be looked at on an instance by one command, each part once; `limitMs` is the time for each, all at once. */
export interface HostLook extends ProbeLimit {
  readonly host: EcsHost
  readonly asks: readonly HostAsk[]
}

/** What came of asking: an id by which the answer is read later. */
export type CommandStart = { readonly invocationId: string } | { readonly problem: Problem }

/** What there is to read of a command: nothing yet, what it came to, or why there will be nothing. */
export type CommandReading<Answer> = { readonly pending: true } | { readonly problem: Problem } | Answer

/** An answer of the HTTPS probe's shape (`Reach[]`). */
export type ReachReading = CommandReading<ProbeOutcome>

/** What came of each part: one that has no answer leaves the others alone. */
export interface HostAnswers {
  readonly answerTo: (part: HostAsk['part']) => ProbeOutcome
}
export type LookReading = CommandReading<HostAnswers>

/** Asks on the instance itself. Nothing here waits for the instance, and nothing rejects. */
export interface HostReach {
  /** Asks the HTTPS question. Starts once for all calls with one dedupe id, so that a message may be delivered again. */
  readonly startReach: (question: HostQuestion, dedupeId: string) => Promise<CommandStart>
  readonly readReach: (question: HostQuestion, invocationId: string) => Promise<ReachReading>
  /** Looks at the instance; once for all calls with one dedupe id too. */
  readonly startLook: (look: HostLook, dedupeId: string) => Promise<CommandStart>
  readonly readLook: (look: HostLook, invocationId: string) => Promise<LookReading>
}
