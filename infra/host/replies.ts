import type { ConcludeDeps } from '../../shared/flows/prechecks/conclude-item.ts'
import type { Outgoing } from '../../shared/flows/prechecks/outgoing.ts'
import { abandonLogin } from '../../shared/flows/logins/run-login.ts'
import { LoginMessage } from '../../shared/model/queue-messages.ts'
import type { Reply } from './calls.ts'
import type { EndInterrupted } from './check-threads.ts'

/** What a check item sends, as it travels between threads. */
export const repliesOf = (outgoing: Outgoing): Reply[] => {
  const delaySeconds = outgoing.queue === 'checks' ? outgoing.delaySeconds : 0
  return outgoing.messages.map((message) => ({
    queue: outgoing.queue,
    body: JSON.stringify(message),
    delaySeconds,
  }))
}

/** Ends the check items and validations of messages whose thread is gone, in the host itself. */
export const endingInterrupted =
  (deps: ConcludeDeps): EndInterrupted =>
  (body, why) =>
    repliesOf(abandonLogin(deps, LoginMessage.parse(JSON.parse(body)), { code: why, params: {} }))
