import type { Check } from '../../checks/framework/define-check.ts'
import { queriesOf } from '../../checks/framework/question.ts'
import type { ProbeOutcome } from '../../checks/judge.ts'
import type { CheckMessage } from '../../model/queue-messages.ts'
import type { DatabaseSession } from '../../ports/probe.ts'
import type { Clocks } from '../../ports/steady-clock.ts'
import { type DatabaseDeps, answerOf, askingOnce, openDatabase } from './ask-database.ts'
import { type Begin, type CheckTimes, beginOf } from './check-times.ts'
import type { Conclude } from './conclude-item.ts'
import { followersOf, waitingItems } from './items-of-message.ts'
import { within } from './keep-limit.ts'
import { type Outgoing, sending } from './outgoing.ts'
import { resultMessage } from './send-result.ts'
import { shareTurns } from './share-turns.ts'

/** What came of asking for an item. `isLast`: no item comes after it. */
interface Asked {
  readonly check: Check
  readonly outcome: ProbeOutcome
  readonly began: Begin
  readonly isLast: boolean
}

/** Asks for one item after the other, and already for the next one when an answer is given, to be judged meanwhile. */
async function* askInTurn(
  clocks: Clocks,
  session: DatabaseSession,
  checks: readonly Check[],
  times: CheckTimes,
): AsyncGenerator<Asked> {
  const ask = askingOnce(session, times.askMs)
  const askAt = (index: number, began: Begin) => {
    const check = checks[index]
    if (!check) return null
    const limitMs = Math.max(0, times.leftMs())
    return { check, began, answering: within(limitMs, answerOf(ask, queriesOf(check.question))) }
  }
  let asked = askAt(0, times)
  for (let next = 1; asked; next += 1) {
    const { check, began, answering } = asked
    const outcome = await answering
    asked = askAt(next, beginOf(clocks))
    yield { check, outcome, began, isLast: asked === null }
  }
}

/** Asks the items of a message over one connection, and has its followers sent as soon as there is one. */
export async function* checkDatabase(
  deps: DatabaseDeps & Clocks,
  message: CheckMessage,
  checks: readonly Check[],
  times: CheckTimes,
  conclude: Conclude,
): AsyncGenerator<Outgoing> {
  const { precheckId, target } = message
  const limitMs = Math.max(1, times.askMs())
  const login = await within(limitMs, openDatabase(deps, target.definition, limitMs))
  if ('problem' in login) {
    // Nobody logs in again, since refused logins may lock the account: the problem is that of all who wanted to ask.
    const all = [...checks, ...waitingItems(message)]
    yield sending(
      precheckId,
      all.map((check) => conclude(check, login, times)),
    )
    return
  }
  const { session, retried } = login
  try {
    const messages = followersOf(message)
    if (messages.length > 0) yield { queue: 'checks', messages, delaySeconds: 0 }
    for await (const { check, outcome, began, isLast } of askInTurn(deps, session, checks, times)) {
      // It is said once, by the first item that asks.
      const told = retried && check === checks[0] ? { ...outcome, retried } : outcome
      const sent = await resultMessage(precheckId, conclude(check, told, began))
      yield { queue: 'results', messages: [sent], isLast }
      // Items that ask nothing new follow at once.
      await shareTurns()
    }
  } finally {
    await session.close()
  }
}
