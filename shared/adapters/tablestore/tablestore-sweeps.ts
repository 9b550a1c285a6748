import type { Sweep, SweepClock } from '../../model/sweep.ts'
import type { Sweeps } from '../../ports/sweeps.ts'
import { readPage } from './range.ts'
import { revisionedRows } from './revisioned-rows.ts'
import { tables } from './tables.ts'
import type { TablestoreClient } from './tablestore-client.ts'

const keyOf = (sweepId: string) => ({ sweep_id: sweepId })

/** The only row of its table. */
const clockKey = { clock_id: 'nights' }

const newestFirst = { table: tables.sweeps, direction: 'BACKWARD', within: {}, by: 'sweep_id' } as const

/** Sweeps on Tablestore. */
export const tablestoreSweeps = (client: TablestoreClient): Sweeps => {
  const sweeps = revisionedRows<Sweep>(client, tables.sweeps)
  const clocks = revisionedRows<SweepClock>(client, tables.sweepClock)
  return {
    get: (sweepId) => sweeps.get(keyOf(sweepId)),
    put: (sweep, revision) => sweeps.put(keyOf(sweep.id), sweep, revision),
    list: (page) => readPage(client, newestFirst, page, sweeps.parse),
    readClock: () => clocks.get(clockKey),
    writeClock: (clock, revision) => clocks.put(clockKey, clock, revision),
  }
}
