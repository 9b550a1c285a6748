import type { Problem } from '../../checks/problems/problem.ts'
import type { CheckMessage } from '../../model/queue-messages.ts'
import type { DatabaseDeps } from './ask-database.ts'
import { checkDatabase } from './check-database.ts'
import { type EndpointDeps, checkEndpoints } from './check-endpoints.ts'
import { checkHost } from './check-host.ts'
import { type CheckTimes, beginOf, timesOf } from './check-times.ts'
import { type ConcludeDeps, concluding } from './conclude-item.ts'
import { checksOf, waitingItems } from './items-of-message.ts'
import { type Outgoing, sending } from './outgoing.ts'

/** What it takes to run check items. */
export type RunCheckDeps = DatabaseDeps & EndpointDeps & ConcludeDeps

/**
 * Ends the check items of a message with the problem that keeps them from being asked, and those that wait for them.
 * `began`: when that was.
 */
export const abandonCheck = (
  deps: ConcludeDeps,
  message: CheckMessage,
  problem: Problem,
  began = beginOf(deps),
): Outgoing => {
  const conclude = concluding(deps, message)
  const all = [...checksOf(message), ...waitingItems(message)]
  return sending(
    message.precheckId,
    all.map((check) => conclude(check, { problem }, began)),
  )
}

async function* giveUp(
  deps: RunCheckDeps,
  message: CheckMessage,
  times: CheckTimes,
): AsyncGenerator<Outgoing> {
  yield abandonCheck(deps, message, { code: 'NO_TIME_LEFT', params: {} }, times)
}

/**
 * Runs the check items of a message against the real instance, and gives what is to be sent as soon as it is known: the
 * result of every item that ends, the messages of the items that waited for this one to reach the database, or the
 * message itself where a command on the ECS instance has no answer yet. Whatever an item finds or fails at is a result;
 * it throws only for a message of another version. Who calls it sends what it gives, and has the message delivered
 * again if that fails.
 */
export const runCheck = (deps: RunCheckDeps, message: CheckMessage): AsyncGenerator<Outgoing> => {
  const { precheckId, target } = message
  const checks = checksOf(message)
  const [lead] = checks
  const times = timesOf(deps, message)
  const conclude = concluding(deps, message)
  for (const { id } of checks) {
    deps.log.info('check-item.started', { precheck: precheckId, instance: target.instanceId, checkItem: id })
  }
  if (times.isTooLate) return giveUp(deps, message, times)
  switch (lead.question.probe) {
    case 'https':
      return checkEndpoints(deps, message, lead, times, conclude)
    case 'host':
      return checkHost(deps, message, checks, times, conclude)
    default:
      return checkDatabase(deps, message, checks, times, conclude)
  }
}
