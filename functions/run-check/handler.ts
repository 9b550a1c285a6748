import { runLogin } from '../../shared/flows/logins/run-login.ts'
import { type CheckMessage, LoginMessage, type ResultMessage } from '../../shared/model/queue-messages.ts'
import type { Log } from '../../shared/ports/log.ts'
import type { Queue } from '../../shared/ports/queue.ts'
import { type QueueFunction, type Unserved, queueFunction } from '../../shared/runtime/queue-chain.ts'

type Deps = Omit<Parameters<typeof runLogin>[0], 'log'> & {
  readonly checks: Queue<CheckMessage>
  readonly resultQueue: Queue<ResultMessage>
} & Pick<Unserved, 'putBack'>

/**
 * Queue `checks`: one message, one check item, or several over one connection, or the validation of a login.
 * `maxHoldMs`: how long a result may wait for others to be sent with it.
 */
export const createHandler = (deps: Deps, log: Log, maxHoldMs?: number): QueueFunction => {
  const own = { ...deps, log }
  const runAndSend = async (message: LoginMessage): Promise<void> => {
    for await (const sent of runLogin(own, message, maxHoldMs)) {
      await (sent.queue === 'results'
        ? deps.resultQueue.send(sent.messages)
        : deps.checks.send(sent.messages, { delaySeconds: sent.delaySeconds }))
    }
  }
  return queueFunction(
    LoginMessage,
    log,
    async (messages) => {
      await Promise.all(messages.map(runAndSend))
    },
    deps,
  )
}
