import type { Problem } from '../../checks/problems/problem.ts'
import type { LoginMessage } from '../../model/queue-messages.ts'
import { abandonValidation, validateLogin } from './validate-login.ts'
import type { ConcludeDeps } from '../prechecks/conclude-item.ts'
import { gatherResults, holdMs } from '../prechecks/gather-results.ts'
import type { Outgoing } from '../prechecks/outgoing.ts'
import { type RunCheckDeps, abandonCheck, runCheck } from '../prechecks/run-check.ts'

async function* sendingOnce(message: Promise<Extract<Outgoing, { queue: 'results' }>['messages'][number]>) {
  yield { queue: 'results', messages: [await message] } as const
}

/**
 * Does what a message of the queue `checks` asks for, and gives what is to be sent as soon as it is known.
 * `maxHoldMs`: how long the result of one of several items may wait for others to be sent with it.
 */
export const runLogin = (
  deps: RunCheckDeps,
  message: LoginMessage,
  maxHoldMs = holdMs,
): AsyncGenerator<Outgoing> => {
  if ('kind' in message) return sendingOnce(validateLogin(deps, message))
  const given = runCheck(deps, message)
  return message.together ? gatherResults(given, maxHoldMs) : given
}

/** What is sent where nothing came of such a message, and why. */
export const abandonLogin = (deps: ConcludeDeps, message: LoginMessage, problem: Problem): Outgoing =>
  'kind' in message
    ? { queue: 'results', messages: [abandonValidation(message, problem)] }
    : abandonCheck(deps, message, problem)
