import * as z from 'zod'

/** The end of something, by the wall clock of whoever began it and by the steady clock there. */
export const Deadline = {
  /** UTC. */
  deadlineAt: z.iso.datetime(),
  /** A reading of that steady clock, ms; left out by an earlier version. */
  deadlineOn: z.strictObject({ clock: z.string(), ms: z.number() }).optional(),
}
const DeadlineSchema = z.strictObject(Deadline)
export type Deadline = Readonly<z.infer<typeof DeadlineSchema>>

/** Readings of both clocks, ms since 1970 for the wall clock. `clock`: which steady clock that is. */
export interface Moment {
  readonly wallMs: number
  readonly clock: string
  readonly steadyMs: number
}

/** The deadline that is `limitMs` away. */
export const deadlineIn = (limitMs: number, { wallMs, clock, steadyMs }: Moment): Deadline => ({
  deadlineAt: new Date(wallMs + limitMs).toISOString(),
  deadlineOn: { clock, ms: steadyMs + limitMs },
})

/**
 * Time until a deadline, ms. The steady clock with which it began counts, since the wall clock may have been set;
 * elsewhere there is the wall clock alone.
 */
export const leftUntil = (
  { deadlineAt, deadlineOn }: Deadline,
  { wallMs, clock, steadyMs }: Moment,
): number => (deadlineOn?.clock === clock ? deadlineOn.ms - steadyMs : Date.parse(deadlineAt) - wallMs)
