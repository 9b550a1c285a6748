import type { ProbeOutcome } from '../../checks/judge.ts'
import type { Endpoints } from '../../checks/framework/question.ts'
import type { CheckMessage } from '../../model/queue-messages.ts'
import type { EcsHost, HostQuestion, HostReach } from '../../ports/host-reach.ts'
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
 * Time for the endpoints, of the limit of the item, ms. It does not depend on the time of day: a message that is
 * delivered again must ask for the very same command, or Cloud Assistant refuses its token.
 */
const commandLimitMs = (limitMs: number): number => Math.max(limitMs / 2, limitMs - overheadMs)

const hostOf = ({ target: { definition } }: CheckMessage): EcsHost | null =>
  definition.host ? { ...definition.host, region: definition.region } : null

/** The endpoints of a check item as they are tried on the instance itself, or null where they are tried from here. */
export const hostQuestion = (endpoints: Endpoints, message: CheckMessage): HostQuestion | null => {
  const host = hostOf(message)
  return host && { ...endpoints, host, limitMs: commandLimitMs(message.limitMs) }
}

/** Has the message come back after a pause, unless the item has to end before that. */
const comeBack = (
  message: CheckMessage,
  { host }: HostQuestion,
  awaited: Awaited,
  leftMs: number,
): ProbeOutcome | ComeBack => {
  const delaySeconds = Math.min(pauseSeconds, Math.floor(leftMs / 1000))
  if (delaySeconds < 1) {
    return { problem: { code: 'COMMAND_TIMED_OUT', params: { ecsInstanceId: host.ecsInstanceId } } }
  }
  return { again: { ...message, awaited }, delaySeconds }
}

/**
 * Asks on the instance itself without waiting for it: the first delivery of a message starts the command, and while
 * there is no answer the message has to come back later. Deliveries that are repeated share one command.
 */
export const askHost = async (
  reach: HostReach,
  message: CheckMessage,
  question: HostQuestion,
  { startedAt, leftMs, askMs }: CheckTimes,
): Promise<ProbeOutcome | ComeBack> => {
  const { precheckId, checkItem, awaited } = message
  if (awaited) {
    const reading = await within(askMs(), reach.readReach(question, awaited.invocationId))
    return 'pending' in reading ? comeBack(message, question, awaited, leftMs()) : reading
  }
  const started = await within(askMs(), reach.startReach(question, `${precheckId}/${checkItem}`))
  if ('problem' in started) return started
  const { invocationId } = started
  return comeBack(message, question, { invocationId, startedAt: startedAt.toISOString() }, leftMs())
}
