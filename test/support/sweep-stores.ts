import type { DueStarts, ScheduleChanges } from '../../shared/ports/due-starts.ts'
import type { HostSlotsStore } from '../../shared/ports/host-slots.ts'
import type { Instances } from '../../shared/ports/instances.ts'
import type { Results } from '../../shared/ports/results.ts'
import type { SweepClocks, SweepEntries, Sweeps } from '../../shared/ports/sweeps.ts'
import { embeddedStores } from './stores.ts'
import { temporaryDatabase } from './temporary-database.ts'

/** What sweeps read and write, on some kind of ports. */
export interface SweepStores {
  readonly instances: Instances
  readonly results: Results
  readonly sweeps: Sweeps
  readonly sweepEntries: SweepEntries
  readonly sweepClock: SweepClocks
  readonly hostSlots: HostSlotsStore
  readonly dueStarts: DueStarts
  readonly scheduleChanges: ScheduleChanges
  readonly close: () => Promise<void>
}

/** Empty ones on an embedded database in a temporary folder. */
export const embeddedSweepStores = (): SweepStores => {
  const { database, writer, close } = temporaryDatabase()
  return { ...embeddedStores(database, writer), close: async () => close() }
}
