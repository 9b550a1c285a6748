import type { Pulse } from './pulse.ts'

/** A thread beats so many times in the time after which it counts as blocked, and is looked at as often. */
const beatsPerLimit = 10

/**
 * What computes for ever uses the time of a processor; what only waits for one, on a busy machine, does not. A thread
 * that hangs without computing is ended after so many times the limit.
 */
const idleFactor = 10

/** Processor time that this process has used, ms. */
const usedMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** Between two beats of a thread that must not be silent for `limitMs`, ms. */
export const beatMsOf = (limitMs: number): number => limitMs / beatsPerLimit

/** What is watched. It beats while it has work. */
export interface Watched {
  readonly pulse: Pick<Pulse, 'beats'>
  readonly hasWork: () => boolean
}

/** Watching that goes on. */
export interface Watch {
  /** For how long a thread with work has been silent, ms: the longest of them; 0 if none is. */
  readonly silentMs: () => number
  readonly stop: () => void
}

interface Heard {
  readonly beats: number
  /** When there were fewer, or nothing to hear, ms of the monotonic clock, and what had been used by then. */
  readonly at: number
  readonly usedMs: number
}

/**
 * Has `onBlocked` called with a thread that has work and has been silent for `limitMs` of processor time; it is to be
 * taken out of `threads`. The time in which a program is being loaded, before the first beat, does not count.
 */
export const watch = <Thread extends Watched>(
  threads: ReadonlySet<Thread>,
  limitMs: number,
  onBlocked: (thread: Thread) => void,
): Watch => {
  const heard = new WeakMap<Thread, Heard>()
  let lookedAt = performance.now()

  const look = (): void => {
    const now = performance.now()
    // A host that could not run itself, suspended say, has heard nobody.
    const wasAway = now - lookedAt > limitMs / 2
    lookedAt = now
    for (const thread of threads) {
      const beats = thread.pulse.beats()
      const known = heard.get(thread)
      const isSilent = beats > 0 && beats === known?.beats && thread.hasWork() && !wasAway
      if (!known || !isSilent) heard.set(thread, { beats, at: now, usedMs: usedMs() })
      else if (usedMs() - known.usedMs > limitMs || now - known.at > limitMs * idleFactor) onBlocked(thread)
    }
  }

  const timer = setInterval(look, beatMsOf(limitMs)).unref()
  const silenceOf = (thread: Thread): number => {
    const known = heard.get(thread)
    return known && thread.hasWork() && thread.pulse.beats() === known.beats
      ? performance.now() - known.at
      : 0
  }
  return {
    silentMs: () => Math.max(0, ...[...threads].map(silenceOf)),
    stop: () => clearInterval(timer),
  }
}
