import * as z from 'zod'

/** `warn`: it works, and somebody should look. */
export const HealthStatus = z.enum(['pass', 'warn', 'fail'])
export type HealthStatus = z.infer<typeof HealthStatus>

/** What one look at a part of the service said. */
export const HealthCheck = z.strictObject({
  status: HealthStatus,
  observedValue: z.number(),
  observedUnit: z.string(),
  /** UTC. */
  time: z.iso.datetime(),
  /** What is wrong, and what to do; left out while it passes. */
  output: z.string().optional(),
})

/** What was found, without its time. */
export type HealthFinding = Readonly<Omit<z.infer<typeof HealthCheck>, 'time'>>

/**
 * How the service is, in the form of draft-inadarei-api-health-check-06: checks by their names, `part:measure`, as
 * lists. It says nothing of what is checked or for whom.
 */
export const Health = z
  .strictObject({ status: HealthStatus, checks: z.record(z.string(), z.array(HealthCheck).readonly()) })
  .meta({ id: 'Health' })
export type Health = Readonly<z.infer<typeof Health>>

/** The worst of them. */
export const worstOf = (statuses: readonly HealthStatus[]): HealthStatus =>
  statuses.reduce<HealthStatus>(
    (worst, each) =>
      HealthStatus.options.indexOf(each) > HealthStatus.options.indexOf(worst) ? each : worst,
    'pass',
  )
