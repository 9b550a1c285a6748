import {
  type SweepCounts,
  type SweepEntry,
  type SweepEntryStatus,
  sweepCountsOf,
  wasMissed,
} from '../../model/sweep.ts'

/** Entries that a tally keeps: as many as an event may name. */
const maxKept = 20

/** What became of the instances of a night. */
export interface NightTally {
  readonly counts: SweepCounts
  /** Instances in trouble of which that is news. */
  readonly changed: number
  readonly recovered: number
  /** The first in trouble: what is news before the rest, failed before not determined, and what was not run last. */
  readonly troubled: readonly SweepEntry[]
  /** The first that recovered, in the order of their ids. */
  readonly recoveries: readonly string[]
  /** Those that nobody was there to start; null: none. */
  readonly missed: Missed | null
}

/** Prechecks that did not start in time: the first in the order of the ids, and from when until when they were due (UTC). */
export interface Missed {
  readonly count: number
  readonly instances: readonly string[]
  readonly from: string
  readonly until: string
}

const withMissed = (known: Missed | null, { instanceId, dueAt }: SweepEntry): Missed => {
  if (!known) return { count: 1, instances: [instanceId], from: dueAt, until: dueAt }
  const { count, instances, from, until } = known
  return {
    count: count + 1,
    instances: instances.length < maxKept ? [...instances, instanceId] : instances,
    from: dueAt < from ? dueAt : from,
    until: dueAt > until ? dueAt : until,
  }
}

const troubles: readonly SweepEntryStatus[] = ['failed', 'inconclusive', 'not_run']

const isTroubled = ({ status }: SweepEntry): boolean => troubles.includes(status)

const weightOf = ({ status, change }: SweepEntry): number => {
  if (status === 'not_run') return 2 * troubles.length
  return (change === undefined ? troubles.length : 0) + troubles.indexOf(status)
}

const firstOf = (entries: readonly SweepEntry[]): readonly SweepEntry[] =>
  entries.toSorted((one, other) => weightOf(one) - weightOf(other)).slice(0, maxKept)

/** Counts entries that come page by page, in the order of the ids, and keeps no more of them than are told. */
export const nightTally = () => {
  const statuses: Partial<Record<SweepEntryStatus, number>> = {}
  let changed = 0
  let recovered = 0
  let troubled: readonly SweepEntry[] = []
  let recoveries: readonly string[] = []
  let missed: Missed | null = null
  return {
    add: (entries: readonly SweepEntry[]): void => {
      for (const { status } of entries) statuses[status] = (statuses[status] ?? 0) + 1
      const inTrouble = entries.filter(isTroubled)
      const again = entries.filter(({ change }) => change === 'recovered')
      changed += inTrouble.filter(({ change }) => change !== undefined).length
      recovered += again.length
      for (const entry of entries) if (wasMissed(entry)) missed = withMissed(missed, entry)
      troubled = firstOf([...troubled, ...inTrouble])
      recoveries = [...recoveries, ...again.map(({ instanceId }) => instanceId)].slice(0, maxKept)
    },
    end: (): NightTally => ({
      counts: sweepCountsOf(statuses),
      changed,
      recovered,
      troubled,
      recoveries,
      missed,
    }),
  }
}
