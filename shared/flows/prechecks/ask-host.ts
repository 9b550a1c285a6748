import type { Check } from '../../checks/framework/define-check.ts'
import type { EndpointSettings } from '../../checks/framework/question.ts'
import type { CheckMessage } from '../../model/queue-messages.ts'
import type { EcsHost, HostQuestion, HostReach, ReachReading } from '../../ports/host-reach.ts'
import type { Queue } from '../../ports/queue.ts'
import { within } from './keep-limit.ts'

/** What it takes to ask on the ECS instance itself: commands on it, and the queue that brings a message back later. */
export interface HostCommands {
  readonly reach: HostReach
  readonly checks: Queue<CheckMessage>
}

interface Deps {
  readonly hostCommands: HostCommands
  readonly now: () => Date
}

type Awaited = NonNullable<CheckMessage['awaited']>

/** How long a message stays away before the answer is looked for again. A command takes a second or two to reach its instance. */
const pauseSeconds = 2

/** Of the limit of an item, for a command to reach its instance and for its answer to be read, ms; at most half of the limit. */
const overheadMs = 5000

/**
 * Time for the endpoints, of the limit of the item, ms. It does not depend on the time of day: a message that is delivered
 * again must ask for the very same command, or Cloud Assistant refuses its token.
 */
const commandLimitMs = (limitMs: number): number => Math.max(limitMs / 2, limitMs - overheadMs)

const hostOf = ({ target: { definition } }: CheckMessage): EcsHost | null =>
  definition.host ? { ...definition.host, region: definition.region } : null

/** The question of a check item as it is put on the instance itself, or null where it is asked from here. */
export const hostQuestion = (
  { question }: Pick<Check, 'question'>,
  endpoints: EndpointSettings,
  message: CheckMessage,
): HostQuestion | null => {
  const host = hostOf(message)
  if (question.probe !== 'https' || host === null) return null
  return {
    ...question.endpoints(message.target.definition, endpoints),
    host,
    limitMs: commandLimitMs(message.limitMs),
  }
}

/** Has the message come back after a pause, unless the item has to end before that. */
const comeBack = async (
  { hostCommands, now }: Deps,
  message: CheckMessage,
  { host }: HostQuestion,
  awaited: Awaited,
  endsAt: number,
): Promise<ReachReading> => {
  const delaySeconds = Math.min(pauseSeconds, Math.floor((endsAt - now().getTime()) / 1000))
  if (delaySeconds < 1) {
    return { problem: { code: 'COMMAND_TIMED_OUT', params: { ecsInstanceId: host.ecsInstanceId } } }
  }
  await hostCommands.checks.send([{ ...message, awaited }], { delaySeconds })
  return { pending: true }
}

/**
 * Asks on the instance itself without waiting for it: the first delivery of a message starts the command, and while there is
 * no answer the message comes back later (`pending`). Deliveries that are repeated share one command. `endsAt`: by then the
 * item must have ended, ms since 1970; `limitMs`: for one request. Rejects if the message could not be sent.
 */
export const askHost = async (
  deps: Deps,
  message: CheckMessage,
  question: HostQuestion,
  { startedAt, endsAt, limitMs }: { startedAt: Date; endsAt: number; limitMs: number },
): Promise<ReachReading> => {
  const { reach } = deps.hostCommands
  const { precheckId, checkItem, awaited } = message
  if (awaited) {
    const reading = await within(limitMs, reach.readReach(question, awaited.invocationId))
    return 'pending' in reading ? comeBack(deps, message, question, awaited, endsAt) : reading
  }
  const started = await within(limitMs, reach.startReach(question, `${precheckId}/${checkItem}`))
  if ('problem' in started) return started
  const { invocationId } = started
  return comeBack(deps, message, question, { invocationId, startedAt: startedAt.toISOString() }, endsAt)
}
