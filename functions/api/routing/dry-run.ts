import * as z from 'zod'
import type { ApiDeps } from './deps.ts'

/** The query of requests that can be tried. */
export const dryRunQuery = z.strictObject({
  dryRun: z
    .stringbool()
    .default(false)
    .describe('Everything is looked at, and answered, as ever; nothing is written.'),
})

interface Writable {
  readonly put: (...written: never[]) => Promise<boolean>
}

const unwritten = <Store extends Writable>(store: Store): Store => ({ ...store, put: async () => true })

/** What a request may reach: all, or in a dry run the same with stores that keep nothing of what is put there. */
export const reachedBy = (deps: ApiDeps, { dryRun }: z.output<typeof dryRunQuery>): ApiDeps =>
  dryRun
    ? {
        ...deps,
        instances: unwritten(deps.instances),
        scheduleChanges: unwritten(deps.scheduleChanges),
        policies: unwritten(deps.policies),
        webhooks: unwritten(deps.webhooks),
      }
    : deps
