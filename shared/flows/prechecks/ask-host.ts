import type { ProbeOutcome } from '../../checks/judge.ts'
import type { Problem } from '../../checks/problems/problem.ts'
import type { Endpoints, HostAsk } from '../../checks/framework/question.ts'
import type { CheckMessage } from '../../model/queue-messages.ts'
import type { CommandReading, CommandStart, EcsHost, HostAnswers, HostReach } from '../../ports/host-reach.ts'
import type { CheckTimes } from './check-times.ts'
import { within } from './keep-limit.ts'

/** The message as it is to be delivered again, when an answer may be there. */
export interface ComeBack {
  readonly again: CheckMessage
  readonly delaySeconds: number
}

type Awaited = NonNullable<CheckMessage['awaited']>

/** How long a message stays away before the answer is looked for again. A command takes a second or two to reach its instance. */
const pauseSeconds = 2

/** Of the limit of an item, for a command to reach its instance and for its answer to be read, ms; at most half of the limit. */
const overheadMs = 5000

/**
 * Time for what is asked, of the limit of the item, ms. It does not depend on the time of day: a message that is
 * delivered again must ask for the very same command, or Cloud Assistant refuses its token.
 */
const commandLimitMs = (limitMs: number): number => Math.max(limitMs / 2, limitMs - overheadMs)

/** The ECS host of an instance, or null where none is registered. */
export const hostOf = ({ definition: { host, region } }: CheckMessage['target']): EcsHost | null =>
  host ? { ecsInstanceId: host.ecsInstanceId, platform: host.platform, region } : null

/** A command on the instance: what starts it, and what reads its answer. */
export interface HostCommand<Answer> {
  readonly host: EcsHost
  readonly start: (dedupeId: string) => Promise<CommandStart>
  readonly read: (invocationId: string) => Promise<CommandReading<Answer>>
}

/** The endpoints of a check item, tried on the instance itself. */
export const reachCommand = (
  reach: HostReach,
  host: EcsHost,
  endpoints: Endpoints,
  { limitMs }: CheckMessage,
): HostCommand<ProbeOutcome> => {
  const question = { ...endpoints, host, limitMs: commandLimitMs(limitMs) }
  return {
    host,
    start: (dedupeId) => reach.startReach(question, dedupeId),
    read: (invocationId) => reach.readReach(question, invocationId),
  }
}

/** Everything that the items of a message look at on the instance, by one command. */
export const lookCommand = (
  reach: HostReach,
  host: EcsHost,
  asks: readonly HostAsk[],
  { limitMs }: CheckMessage,
): HostCommand<HostAnswers> => {
  const look = { host, asks, limitMs: commandLimitMs(limitMs) }
  return {
    host,
    start: (dedupeId) => reach.startLook(look, dedupeId),
    read: (invocationId) => reach.readLook(look, invocationId),
  }
}

type Missing = { readonly problem: Problem }

/** Has the message come back after a pause, unless the item has to end before that. */
const comeBack = (
  message: CheckMessage,
  { ecsInstanceId }: EcsHost,
  awaited: Awaited,
  leftMs: number,
): Missing | ComeBack => {
  const delaySeconds = Math.min(pauseSeconds, Math.floor(leftMs / 1000))
  if (delaySeconds < 1) return { problem: { code: 'COMMAND_TIMED_OUT', params: { ecsInstanceId } } }
  return { again: { ...message, awaited }, delaySeconds }
}

/**
 * Asks on the instance itself without waiting for it: the first delivery of a message starts the command, and while
 * there is no answer the message has to come back later. Deliveries that are repeated share one command.
 */
export const askHost = async <Answer extends object>(
  { host, start, read }: HostCommand<Answer>,
  message: CheckMessage,
  { startedAt, leftMs, askMs }: CheckTimes,
): Promise<Answer | Missing | ComeBack> => {
  const { precheckId, checkItem, awaited } = message
  if (awaited) {
    const reading = await within(askMs(), read(awaited.invocationId))
    return 'pending' in reading ? comeBack(message, host, awaited, leftMs()) : reading
  }
  const started = await within(askMs(), start(`${precheckId}/${checkItem}`))
  if ('problem' in started) return started
  const { invocationId } = started
  return comeBack(message, host, { invocationId, startedAt: startedAt.toISOString() }, leftMs())
}
