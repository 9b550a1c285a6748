import { Worker } from 'node:worker_threads'
import type { Settings } from '../../shared/runtime/environment.ts'
import { type CallEnd, type LostCall, type Reply, callsInto } from './calls.ts'
import { pulseIn, pulseMemory } from './pulse.ts'
import { type Watched, beatMsOf } from './watch.ts'

/** Takes care of what a check item sends. */
export type Take = (reply: Reply) => Promise<unknown>

/** A thread that runs check items. */
export interface CheckThread extends Watched {
  /** Rejects with what `end` or the death of the thread makes of it. */
  readonly run: (body: string, take: Take) => Promise<CallEnd>
  /** Messages under way. */
  readonly openCalls: () => number
  /** Whether that call is the one whose bytes came last. */
  readonly isToBlame: (call: LostCall) => boolean
  /** Ends the thread, whatever it is at; `fateOf` says what becomes of its calls. */
  readonly end: (fateOf: (call: LostCall) => Error) => Promise<void>
}

/** Who hears of a thread that ends of itself. */
export interface ThreadEvents {
  readonly onFault: (fault: Error) => void
  /** Says what becomes of its calls. */
  readonly onDeath: (thread: CheckThread) => (call: LostCall) => Error
}

/**
 * What a check item leaves behind is short-lived: room for some thousands of them between two collections. What is held
 * are the sessions, with the rows of a statement each: 256 of them fit, and a server that never stops to send does not.
 */
const resourceLimits = { maxYoungGenerationSizeMb: 24, maxOldGenerationSizeMb: 512 }

/** Starts a thread with the program of the check threads. `isApart`: it lets all others go first. */
export const startCheckThread = (
  program: URL,
  isApart: boolean,
  settings: Settings,
  environment: NodeJS.ProcessEnv,
  { onFault, onDeath }: ThreadEvents,
): CheckThread => {
  const memory = pulseMemory()
  const pulse = pulseIn(memory)
  const workerData = { settings, pulse: memory, beatMs: beatMsOf(settings.blockedMs), isApart }
  const worker = new Worker(program, { workerData, env: environment, resourceLimits })
  const calls = callsInto(worker)
  const thread: CheckThread = {
    pulse,
    hasWork: () => calls.openCalls() > 0,
    run: calls.call,
    openCalls: calls.openCalls,
    isToBlame: ({ id }) => id === pulse.noted(),
    end: async (fateOf) => {
      calls.abandon(fateOf)
      await worker.terminate()
    },
  }
  worker.on('error', onFault)
  worker.on('exit', () => calls.abandon(onDeath(thread)))
  return thread
}
