import { expect, it } from 'vitest'
import { type Moment, deadlineIn, leftUntil } from '../../../shared/model/deadline.ts'

const began: Moment = { wallMs: Date.parse('2026-11-21T02:00:00Z'), clock: 'here', steadyMs: 5000 }
const deadline = deadlineIn(60_000, began)

/** A moment some time after the begin, when the wall clock has been set by `jumpMs`. */
const after = (ms: number, jumpMs: number, clock = 'here'): Moment => ({
  wallMs: began.wallMs + ms + jumpMs,
  clock,
  steadyMs: began.steadyMs + ms,
})

it('a deadline is shown by the wall clock', () => {
  expect(deadline.deadlineAt).toBe('2026-11-21T02:01:00.000Z')
})

it.each([0, 30 * 86_400_000, -7_200_000])(
  'stays as far away when the wall clock is set by %i ms',
  (jumpMs) => {
    expect(leftUntil(deadline, after(45_000, jumpMs))).toBe(15_000)
    expect(leftUntil(deadline, after(61_000, jumpMs))).toBe(-1000)
  },
)

it('goes by the wall clock in another process, and where an earlier version began', () => {
  expect(leftUntil(deadline, after(45_000, 2000, 'elsewhere'))).toBe(13_000)
  expect(leftUntil({ deadlineAt: deadline.deadlineAt }, after(45_000, 2000))).toBe(13_000)
})
