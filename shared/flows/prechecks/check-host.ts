import type { Check } from '../../checks/framework/define-check.ts'
import type { EndpointSettings, HostAsk } from '../../checks/framework/question.ts'
import type { Target } from '../../model/instance.ts'
import type { CheckMessage } from '../../model/queue-messages.ts'
import type { HostReach } from '../../ports/host-reach.ts'
import { askHost, hostOf, lookCommand } from './ask-host.ts'
import type { CheckTimes } from './check-times.ts'
import { type Conclude, needless } from './conclude-item.ts'
import { type Outgoing, sending } from './outgoing.ts'

/** What it takes to look at hosts. */
export interface HostDeps {
  readonly endpoints: EndpointSettings
  /** Left out where no commands are run: then nothing is known of them. */
  readonly hostReach?: HostReach
}

/** An item, and what it asks of the host. */
type Asking = readonly [check: Check, ask: HostAsk]

const asksOf = ({ endpoints }: HostDeps, { definition }: Target, checks: readonly Check[]): Asking[] =>
  checks.flatMap((check): Asking[] => {
    const { question } = check
    if (question.probe !== 'host' || !definition.host) return []
    const ask = question.ask(definition.host, definition, endpoints)
    return ask ? [[check, ask]] : []
  })

/** Looks at the ECS host for all items of a message by one command, and judges each by itself. */
export async function* checkHost(
  deps: HostDeps,
  message: CheckMessage,
  checks: readonly Check[],
  times: CheckTimes,
  conclude: Conclude,
): AsyncGenerator<Outgoing> {
  const { precheckId, target, awaited } = message
  const asking = asksOf(deps, target, checks)
  const asked = asking.map(([check]) => check)
  const others = checks.filter((check) => !asked.includes(check))
  if (others.length > 0 && !awaited) {
    yield sending(
      precheckId,
      others.map((check) => conclude(check, needless, times)),
    )
  }
  const host = hostOf(target)
  if (!host || asking.length === 0) return
  const problem = { code: 'COMMANDS_NOT_RUN', params: { ecsInstanceId: host.ecsInstanceId } }
  const asks = asking.map(([, ask]) => ask)
  const outcome = deps.hostReach
    ? await askHost(lookCommand(deps.hostReach, host, asks, message), message, times)
    : { problem }
  if ('again' in outcome) {
    yield { queue: 'checks', messages: [outcome.again], delaySeconds: outcome.delaySeconds }
    return
  }
  const results = asking.map(([check, { part }]) =>
    conclude(check, 'answerTo' in outcome ? outcome.answerTo(part) : outcome, times),
  )
  yield sending(precheckId, results)
}
