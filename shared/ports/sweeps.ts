import type { Page, PageRequest } from '../model/page.ts'
import type { Sweep, SweepClock, SweepCounts, SweepEntry, SweepEntryStatus } from '../model/sweep.ts'
import type { Stored } from './stored.ts'

/** Keeps the sweeps, and how far the nights have been dealt with. A resolved write is durable. */
export interface Sweeps {
  readonly get: (sweepId: string) => Promise<Stored<Sweep> | null>
  /** Writes a sweep if the stored one is still at `revision` (0: there is none); tells whether it did. */
  readonly put: (sweep: Sweep, revision: number) => Promise<boolean>
  /** Newest first, which is the order of the ids backwards. */
  readonly list: (page: PageRequest) => Promise<Page<Sweep>>
  readonly readClock: () => Promise<Stored<SweepClock> | null>
  /** Writes the clock if the stored one is still at `revision` (0: there is none); tells whether it did. */
  readonly writeClock: (clock: SweepClock, revision: number) => Promise<boolean>
}

/** Keeps what became of every instance in every sweep. A resolved write is durable. */
export interface SweepEntries {
  /** Writes an entry unless the instance has one in the sweep; gives back the one that stands there then. */
  readonly add: (entry: SweepEntry) => Promise<SweepEntry>
  /**
   * Replaces an entry whose status still is `from`; one that has gone on meanwhile stays as it is. So of two that note
   * what became of an instance the later one never takes back what the first one said.
   */
  readonly update: (entry: SweepEntry, from: SweepEntryStatus) => Promise<void>
  /** Entries of a sweep that have not ended (`starting`, `started`), in the order of the instances. */
  readonly listOpen: (sweepId: string, limit: number) => Promise<readonly SweepEntry[]>
  /** Entries of a sweep in the order of the instances; `statuses` left out: all. */
  readonly list: (
    sweepId: string,
    page: PageRequest,
    statuses?: readonly SweepEntryStatus[],
  ) => Promise<Page<SweepEntry>>
  readonly count: (sweepId: string) => Promise<SweepCounts>
}
