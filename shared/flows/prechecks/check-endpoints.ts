import type { Check } from '../../checks/framework/define-check.ts'
import type { EndpointSettings } from '../../checks/framework/question.ts'
import type { CheckMessage } from '../../model/queue-messages.ts'
import type { HostReach } from '../../ports/host-reach.ts'
import type { Probes } from '../../ports/probe.ts'
import { askHost, hostOf, reachCommand } from './ask-host.ts'
import type { CheckTimes } from './check-times.ts'
import { type Conclude, needless } from './conclude-item.ts'
import { within } from './keep-limit.ts'
import { type Outgoing, sending } from './outgoing.ts'

/** What it takes to try endpoints. */
export interface EndpointDeps {
  readonly probes: Pick<Probes, 'https'>
  readonly endpoints: EndpointSettings
  /** Left out where no commands are run: then they are tried from here. */
  readonly hostReach?: HostReach
}

/** Tries the endpoints of an item, if it has any, from here or on the ECS instance itself. */
export async function* checkEndpoints(
  deps: EndpointDeps,
  message: CheckMessage,
  check: Check,
  times: CheckTimes,
  conclude: Conclude,
): AsyncGenerator<Outgoing> {
  const { question } = check
  if (question.probe !== 'https') return
  const endpoints = question.endpoints(message.target.definition, deps.endpoints)
  if (!endpoints) {
    yield sending(message.precheckId, [conclude(check, needless, times)])
    return
  }
  const host = hostOf(message.target)
  const limitMs = Math.max(1, times.askMs())
  const outcome =
    deps.hostReach && host
      ? await askHost(reachCommand(deps.hostReach, host, endpoints, message), message, times)
      : await within(limitMs, deps.probes.https({ limitMs, ...endpoints }))
  if ('again' in outcome) {
    yield { queue: 'checks', messages: [outcome.again], delaySeconds: outcome.delaySeconds }
    return
  }
  yield sending(message.precheckId, [conclude(check, outcome, times)])
}
