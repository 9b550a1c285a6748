import { msPerDay, msPerMinute } from '../../model/durations.ts'

/** What is stored of the clocks, so that the next process knows what this one knew. ms. */
export interface Pulse {
  /** When it was written, by the wall clock, since 1970. */
  readonly writtenAt: number
  readonly queueTime: number
  /** For how long the wall clock is not to be trusted to forget by, from then on. */
  readonly unsettledMs: number
  /** How far it was set last; below 0: back. */
  readonly jumpedByMs: number
}

/** The wall clock was set, or the machine was suspended. */
export interface ClockJump {
  /** Below 0: back. */
  readonly byMs: number
  /** How long ago that was noticed, at least, ms. */
  readonly agoMs: number
}

/** The clocks by which a database goes. */
export interface DatabaseClock {
  /**
   * Time of the queues, ms since 1970: it counts evenly, and goes on where an earlier process stood if the wall clock
   * does not. Delays go by it, whatever is done to the wall clock.
   */
  readonly queueTime: () => number
  /** The last jump of the wall clock; null once it has gone on evenly for a day. */
  readonly jump: () => ClockJump | null
  /** The jumps that were noticed since this was called last, ms. */
  readonly takeJumps: () => readonly number[]
  /** False for a day after a jump: what is old by a clock that is wrong must not be forgotten. */
  readonly mayForget: () => boolean
  /** What is to be stored now. */
  readonly pulse: () => Pulse
}

/** Schedules are in full minutes, so that a clock may be corrected by less at any time. */
const smallestJumpMs = msPerMinute

/** For so long a service is stopped for its upkeep; after more, its clock may as well have been set meanwhile. */
const longestStopMs = msPerDay

/** For somebody to see a wrong clock and to set it right. */
const settlingMs = msPerDay

/** Both readings, ms; `wall` since 1970. */
export interface ClockReadings {
  readonly wall: () => number
  readonly steady: () => number
}

const ofThisProcess: ClockReadings = { wall: Date.now, steady: () => performance.now() }

/** Watches the wall clock from now on. `stored`: what the process before has left; null: nothing. */
export const databaseClock = (
  stored: Pulse | null,
  { wall, steady }: ClockReadings = ofThisProcess,
): DatabaseClock => {
  const began = steady()
  const queueOffset = Math.max(wall(), stored?.queueTime ?? 0) - began
  /** By how much the wall clock is ahead of the steady one. */
  let offset = wall() - began
  let settlesAt = began + (stored?.unsettledMs ?? 0)
  let jumpedByMs = stored?.jumpedByMs ?? 0

  let untold: number[] = []

  const note = (byMs: number): void => {
    untold.push(byMs)
    jumpedByMs = byMs
    settlesAt = steady() + settlingMs
  }
  const look = (): void => {
    const byMs = wall() - steady() - offset
    if (Math.abs(byMs) < smallestJumpMs) return
    offset += byMs
    note(byMs)
  }

  const sinceWritten = wall() - (stored?.writtenAt ?? wall())
  if (sinceWritten <= -smallestJumpMs || sinceWritten > longestStopMs) note(sinceWritten)

  const unsettledMs = (): number => {
    look()
    return Math.max(0, settlesAt - steady())
  }
  const queueTime = (): number => Math.round(queueOffset + steady())
  return {
    queueTime,
    jump: () => {
      const leftMs = unsettledMs()
      return leftMs === 0 ? null : { byMs: jumpedByMs, agoMs: settlingMs - leftMs }
    },
    takeJumps: () => {
      look()
      const taken = untold
      untold = []
      return taken
    },
    mayForget: () => unsettledMs() === 0,
    pulse: () => ({
      unsettledMs: Math.ceil(unsettledMs()),
      jumpedByMs: Math.round(jumpedByMs),
      writtenAt: Math.round(wall()),
      queueTime: queueTime(),
    }),
  }
}
