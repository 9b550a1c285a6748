import { Worker } from 'node:worker_threads'
import type { Log } from '../../shared/ports/log.ts'
import type { Settings } from '../../shared/runtime/environment.ts'
import { type Calls, type LostCall, type Reply, callsInto } from './calls.ts'
import { type Pulse, pulseIn, pulseMemory } from './pulse.ts'
import { noSuspects } from './suspects.ts'

type Take = (reply: Reply) => Promise<unknown>

/** Threads that run check items. */
export interface CheckThreads {
  /**
   * Runs the check items of a message, and hands in what they send as soon as it is known. Resolves when all of it is
   * taken care of; rejects if the thread ended, or if something could not be taken care of.
   */
  readonly run: (body: string, take: Take) => Promise<void>
  readonly stop: () => Promise<void>
}

/** Why a message came to nothing although its thread did not fail: this very server blocked it, or another one did. */
export type Interruption = 'CHECKER_BLOCKED' | 'CHECKER_INTERRUPTED'

/** What is sent for the check items of a message that will not be asked any more. */
export type EndInterrupted = (body: string, why: Interruption) => readonly Reply[]

/**
 * What a check item leaves behind is short-lived: room for some thousands of them between two collections. What is held
 * are the sessions, with the rows of a statement each: 256 of them fit, and a server that never stops to send does not.
 */
const resourceLimits = { maxYoungGenerationSizeMb: 24, maxOldGenerationSizeMb: 512 }

/** A thread beats so many times in the time after which it counts as blocked, and is looked at as often. */
const beatsPerLimit = 10

interface Running {
  readonly worker: Worker
  readonly calls: Calls
  readonly pulse: Pulse
  /** The beats that were counted last, and when they were fewer, ms of the monotonic clock. */
  beats: number
  heardAt: number
}

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

/**
 * Runs check items beside the service, as Function Compute runs them in instances of their own: what a driver computes
 * does not hold up the API, and a driver that fails badly ends its thread alone. Threads start when they are needed.
 *
 * One that died is replaced, and what ran on it is for the queue to deliver again. One that has been silent for the
 * limit of the settings is blocked by what some server sent: it is ended and replaced, the check items of that server
 * end as errors, and of the others those run again that had sent no password; the rest end as errors too, since nobody
 * logs in twice. Who blocked or ended a thread runs alone from then on, until it ends well.
 */
export const checkThreads = (
  program: URL,
  settings: Settings,
  environment: NodeJS.ProcessEnv,
  log: Log,
  endInterrupted: EndInterrupted,
): CheckThreads => {
  const { checkThreads: maxThreads, blockedMs } = settings
  const running = new Set<Running>()
  const pool = new Set<Running>()
  const suspects = noSuspects()
  const beatMs = blockedMs / beatsPerLimit

  const suspectOn = ({ pulse }: Running, { id, text }: LostCall): boolean => {
    if (id !== pulse.noted()) return false
    suspects.add(text)
    return true
  }

  const start = (): Running => {
    const memory = pulseMemory()
    const workerData = { settings, pulse: memory, beatMs }
    const worker = new Worker(program, { workerData, env: environment, resourceLimits })
    const calls = callsInto(worker)
    const thread = { worker, calls, pulse: pulseIn(memory), beats: 0, heardAt: performance.now() }
    running.add(thread)
    worker.on('error', ({ name, message }) => log.error('check-thread.failed', { name, message }))
    worker.on('exit', () => {
      running.delete(thread)
      pool.delete(thread)
      calls.abandon((call) => {
        suspectOn(thread, call)
        return new Gone()
      })
    })
    return thread
  }

  const endBlocked = (thread: Running): void => {
    log.error('check-thread.blocked', { seconds: blockedMs / 1000, calls: thread.calls.openCalls() })
    running.delete(thread)
    pool.delete(thread)
    thread.calls.abandon((call) => {
      if (suspectOn(thread, call)) return new Blocked('CHECKER_BLOCKED')
      return new Blocked(call.hasLoggedIn ? 'CHECKER_INTERRUPTED' : 'run-again')
    })
    void thread.worker.terminate()
  }

  let lookedAt = performance.now()
  const look = (): void => {
    const now = performance.now()
    // A host that could not run itself, suspended say, has heard nobody.
    const wasAway = now - lookedAt > blockedMs / 2
    lookedAt = now
    for (const thread of running) {
      const beats = thread.pulse.beats()
      const isQuiet = beats > 0 && beats === thread.beats && thread.calls.openCalls() > 0 && !wasAway
      if (!isQuiet) thread.heardAt = now
      thread.beats = beats
      if (now - thread.heardAt > blockedMs) endBlocked(thread)
    }
  }
  const watching = setInterval(look, beatMs).unref()

  /** An idle thread, a new one as long as there may be more, else the one with the least to do. */
  const leastBusy = (): Running => {
    let least: Running | undefined
    for (const each of pool) if (!least || each.calls.openCalls() < least.calls.openCalls()) least = each
    const mayStartAnother = pool.size < maxThreads
    if (least && (least.calls.openCalls() === 0 || !mayStartAnother)) return least
    const thread = start()
    pool.add(thread)
    return thread
  }

  const takeInterrupted = async (body: string, why: Interruption, take: Take): Promise<void> => {
    await Promise.all(endInterrupted(body, why).map(take))
  }

  const runAlone = async (body: string, take: Take): Promise<void> => {
    const thread = start()
    try {
      await thread.calls.call(body, take)
    } finally {
      await thread.worker.terminate()
    }
  }

  const run: CheckThreads['run'] = async (body, take) => {
    const isSuspect = suspects.has(body)
    try {
      if (isSuspect) await suspects.runAlone(body, () => runAlone(body, take))
      else await leastBusy().calls.call(body, take)
    } catch (cause) {
      if (cause instanceof Gone && isSuspect) return takeInterrupted(body, 'CHECKER_BLOCKED', take)
      if (!(cause instanceof Blocked)) throw cause
      if (cause.fate === 'run-again') return run(body, take)
      await takeInterrupted(body, cause.fate, take)
    }
  }

  return {
    run,
    stop: async () => {
      clearInterval(watching)
      await Promise.all([...running].map(({ worker }) => worker.terminate()))
    },
  }
}
