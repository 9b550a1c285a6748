import type { Log } from '../../shared/ports/log.ts'
import type { Settings } from '../../shared/runtime/environment.ts'
import type { CallEnd, LostCall, Reply } from './calls.ts'
import { type CheckThread, type Take, type ThreadEvents, startCheckThread } from './check-thread.ts'
import { noneCostly } from './costly.ts'
import { noSuspects } from './suspects.ts'
import { watch } from './watch.ts'

/** Threads that run check items. */
export interface CheckThreads {
  /**
   * Runs the check items of a message, and hands in what they send as soon as it is known. Resolves when all of it is
   * taken care of; rejects if the thread ended, or if something could not be taken care of.
   */
  readonly run: (body: string, take: Take) => Promise<void>
  /** For how long a thread with work has been silent, ms; 0 if none is. */
  readonly silentMs: () => number
  /** How many check items and validations run alone. */
  readonly suspects: () => number
  readonly stop: () => Promise<void>
}

/** Why a message came to nothing although its thread did not fail: this very server blocked it, or another one did. */
export type Interruption = 'CHECKER_BLOCKED' | 'CHECKER_INTERRUPTED'

/** What is sent for the check items of a message that will not be asked any more. */
export type EndInterrupted = (body: string, why: Interruption) => readonly Reply[]

/** What becomes of a call whose thread was ended because it was blocked. */
class Blocked extends Error {
  readonly fate: Interruption | 'run-again'
  constructor(fate: Interruption | 'run-again') {
    super('the thread was blocked')
    this.fate = fate
  }
}

/** The thread of a call has died. */
class Gone extends Error {
  constructor() {
    super('the thread is gone')
  }
}

const gone = (): Error => new Gone()

/** An idle thread, null where a new one may be started, else the one with the least to do. */
const leastBusy = (threads: ReadonlySet<CheckThread>, maxThreads: number): CheckThread | null => {
  let least: CheckThread | null = null
  for (const each of threads) if (!least || each.openCalls() < least.openCalls()) least = each
  return least?.openCalls() === 0 || threads.size >= maxThreads ? least : null
}

/** The threads that run, and whom they have to fear. */
const threadPool = (
  start: (events: ThreadEvents, isApart: boolean) => CheckThread,
  settings: Settings,
  log: Log,
) => {
  const { checkThreads: maxThreads, blockedMs } = settings
  const running = new Set<CheckThread>()
  const shared = new Set<CheckThread>()
  const apart = new Set<CheckThread>()
  const suspects = noSuspects()

  const forget = (thread: CheckThread): void => {
    running.delete(thread)
    shared.delete(thread)
    apart.delete(thread)
  }
  const isSuspect = (thread: CheckThread, call: LostCall): boolean => {
    if (!thread.isToBlame(call)) return false
    suspects.add(call.text)
    return true
  }
  const events: ThreadEvents = {
    onFault: ({ name, message }) => log.error('check-thread.failed', { name, message }),
    onDeath: (thread) => {
      forget(thread)
      return (call) => {
        isSuspect(thread, call)
        return gone()
      }
    },
  }
  const watching = watch(running, blockedMs, (thread) => {
    log.error('check-thread.blocked', { seconds: blockedMs / 1000, messages: thread.openCalls() })
    forget(thread)
    void thread.end((call) => {
      if (isSuspect(thread, call)) return new Blocked('CHECKER_BLOCKED')
      return new Blocked(call.hasLoggedIn ? 'CHECKER_INTERRUPTED' : 'run-again')
    })
  })
  const startOne = (isApart: boolean): CheckThread => {
    const thread = start(events, isApart)
    running.add(thread)
    return thread
  }
  const oneOf = (threads: Set<CheckThread>, most: number): CheckThread => {
    const thread = leastBusy(threads, most) ?? startOne(threads === apart)
    threads.add(thread)
    return thread
  }

  return {
    suspects,
    silentMs: watching.silentMs,
    /** One that others use as well. */
    share: (): CheckThread => oneOf(shared, maxThreads),
    /** The one for all whose servers send more than they may, so that reading that holds up nobody else. */
    setApart: (): CheckThread => oneOf(apart, 1),
    /** One for a message alone, which ends with it. */
    own: (): CheckThread => startOne(true),
    stop: async () => {
      watching.stop()
      await Promise.all([...running].map(({ end }) => end(gone)))
    },
  }
}

/**
 * Runs check items beside the service, as Function Compute runs them in instances of their own: what a driver computes
 * does not hold up the API, and a driver that fails badly ends its thread alone. Threads start when they are needed.
 *
 * One that died is replaced, and what ran on it is for the queue to deliver again. One that has been silent for the
 * limit of the settings is blocked by what some server sent: it is ended and replaced, the check items of that server
 * end as errors, and of the others those run again that had sent no password; the rest end as errors too, since nobody
 * logs in twice. Who blocked or ended a thread runs alone from then on, until it ends well. Whose server sent more than
 * it may costs what a hundred others do: these share a thread of their own, until they send less.
 */
export const checkThreads = (
  program: URL,
  settings: Settings,
  environment: NodeJS.ProcessEnv,
  log: Log,
  endInterrupted: EndInterrupted,
): CheckThreads => {
  const start = (events: ThreadEvents, isApart: boolean) =>
    startCheckThread(program, isApart, settings, environment, events)
  const pool = threadPool(start, settings, log)
  const costly = noneCostly()

  const runAlone = async (body: string, take: Take): Promise<CallEnd> => {
    const thread = pool.own()
    try {
      return await thread.run(body, take)
    } finally {
      await thread.end(gone)
    }
  }

  const run = async (body: string, take: Take): Promise<void> => {
    const isAlone = pool.suspects.has(body)
    const takeEnd = (why: Interruption) => Promise.all(endInterrupted(body, why).map(take))
    try {
      const runTogether = () => (costly.has(body) ? pool.setApart() : pool.share()).run(body, take)
      costly.note(
        body,
        await (isAlone ? pool.suspects.runAlone(body, () => runAlone(body, take)) : runTogether()),
      )
    } catch (cause) {
      if (cause instanceof Gone && isAlone) await takeEnd('CHECKER_BLOCKED')
      else if (!(cause instanceof Blocked)) throw cause
      else if (cause.fate === 'run-again') await run(body, take)
      else await takeEnd(cause.fate)
    }
  }

  return { run, silentMs: pool.silentMs, suspects: pool.suspects.count, stop: pool.stop }
}
