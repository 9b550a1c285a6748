import type { Clocks } from '../../shared/ports/steady-clock.ts'

/** Both clocks, which agree: the wall clock is not set, if not by the test. `nowMs`: ms since 1970; left out: the time of day. */
export const clocksAt = (nowMs: () => number = Date.now): Clocks => ({
  now: () => new Date(nowMs()),
  steady: { id: 'test', ms: nowMs },
})
