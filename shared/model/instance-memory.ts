import * as z from 'zod'
import { InstanceId } from './instance.ts'
import { Inventory } from './inventory.ts'
import { PrecheckId } from './precheck.ts'
import { Series, maxSeries } from './series.ts'

/** What is remembered of an instance from one full precheck to the next. */
export const InstanceMemory = z.strictObject({
  instanceId: InstanceId,
  /** The last precheck that is in it, and its start (UTC): no precheck is in it twice. */
  precheckId: PrecheckId,
  startedAt: z.iso.datetime(),
  /** Left out until the identities were seen once. */
  inventory: Inventory.optional(),
  /** Numbers that were observed, and when. */
  series: z.array(Series).max(maxSeries),
})
export type InstanceMemory = Readonly<z.infer<typeof InstanceMemory>>
