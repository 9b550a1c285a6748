import * as z from 'zod'
import { TimeOfDay, WindowMinutes } from '../model/schedule.ts'
import { Seconds } from './settings.ts'

/** Settings of the nightly sweeps. */
export const sweepVariables = {
  PRECHECK_SCHEDULE_ENABLED: z.stringbool().default(true),
  PRECHECK_SCHEDULE_AT: TimeOfDay.default('02:00'),
  PRECHECK_SCHEDULE_WINDOW_MINUTES: z.coerce.number().pipe(WindowMinutes).default(120),
  /** With five items each they take 200 of the 256 places for check items: some are left for who waits for a precheck. */
  PRECHECK_SWEEP_CONCURRENCY: z.coerce.number().int().min(1).max(10_000).default(40),
  PRECHECK_SWEEP_CONCURRENCY_MAX: z.coerce.number().int().min(0).max(10_000).default(0),
  PRECHECK_SWEEP_PER_HOST: z.coerce.number().int().min(0).max(100).default(4),
  /** Variables of functions cannot be empty. */
  PRECHECK_SWEEP_HOST_TAG: z
    .string()
    .max(128)
    .default('none')
    .transform((tag) => (tag === 'none' ? null : tag)),
  PRECHECK_SWEEP_SPREAD_SECONDS: Seconds(0, 300).default(0),
  PRECHECK_SWEEP_DEADLINE_SECONDS: Seconds(1, 3600).default(600),
}

/** What they come to; `itemMs`: time limit of one check item, ms. */
export const sweepSettingsOf = (
  variables: z.output<z.ZodObject<typeof sweepVariables>>,
  { itemMs }: { readonly itemMs: number },
) => ({
  /** What instances without a schedule of their own inherit. */
  fleetSchedule: {
    enabled: variables.PRECHECK_SCHEDULE_ENABLED,
    at: variables.PRECHECK_SCHEDULE_AT,
    window: variables.PRECHECK_SCHEDULE_WINDOW_MINUTES,
  },
  /** Prechecks of sweeps that run at the same time at most, and where as many end from one tick to the next. */
  sweepConcurrency: variables.PRECHECK_SWEEP_CONCURRENCY,
  maxSweepConcurrency: variables.PRECHECK_SWEEP_CONCURRENCY_MAX,
  /** Those of one host: an address, or the value of a tag. */
  hostLimit: { perHost: variables.PRECHECK_SWEEP_PER_HOST, tag: variables.PRECHECK_SWEEP_HOST_TAG },
  /** Seconds over which the check items of one tick are spread. */
  spreadSeconds: variables.PRECHECK_SWEEP_SPREAD_SECONDS,
  /** Time limits of a precheck of a sweep, ms: nobody waits for it, and it may have to wait for others. */
  sweepLimits: { deadlineMs: variables.PRECHECK_SWEEP_DEADLINE_SECONDS * 1000, itemMs },
})
