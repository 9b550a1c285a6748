import { runCheckItem } from '../../shared/flows/prechecks/run-check-item.ts'
import { CheckMessage } from '../../shared/model/queue-messages.ts'
import type { Log } from '../../shared/ports/log.ts'
import { type QueueFunction, queueFunction } from '../../shared/runtime/queue-chain.ts'

/** Queue `checks`: one message, one check item. */
export const createHandler = (deps: Parameters<typeof runCheckItem>[0], log: Log): QueueFunction =>
  queueFunction(CheckMessage, log, async (messages) => {
    await Promise.all(messages.map((message) => runCheckItem(deps, message)))
  })
