import type { Pulse } from './pulse.ts'

/** A thread beats so many times in the time after which it counts as blocked, and is looked at as often. */
const beatsPerLimit = 10

/** Between two beats of a thread that must not be silent for `limitMs`, ms. */
export const beatMsOf = (limitMs: number): number => limitMs / beatsPerLimit

/** What is watched. It beats while it has work. */
export interface Watched {
  readonly pulse: Pick<Pulse, 'beats'>
  readonly hasWork: () => boolean
}

interface Heard {
  readonly beats: number
  /** When there were fewer, or nothing to hear, ms of the monotonic clock. */
  readonly at: number
}

/**
 * Has `onBlocked` called with a thread that has work and has been silent for `limitMs`; it is to be taken out of
 * `threads`. The time in which a program is being loaded, before the first beat, does not count.
 */
export const watch = <Thread extends Watched>(
  threads: ReadonlySet<Thread>,
  limitMs: number,
  onBlocked: (thread: Thread) => void,
): { readonly stop: () => void } => {
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
      if (!known || !isSilent) heard.set(thread, { beats, at: now })
      else if (now - known.at > limitMs) onBlocked(thread)
    }
  }

  const timer = setInterval(look, beatMsOf(limitMs)).unref()
  return { stop: () => clearInterval(timer) }
}
