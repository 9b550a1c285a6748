import {
  type Sweep,
  type SweepCounts,
  type SweepEntryStatus,
  type SweepTroubled,
  openStatuses,
  sweepCountsOf,
  wasMissed,
} from '../../model/sweep.ts'
import { announceSweep } from '../../webhooks/delivery/announce.ts'
import type { SweepDeps } from './sweep-round.ts'

/** Instances of each kind that a completed sweep names, so that the receivers of its event need not look them up. */
const maxTroubled = 20

const troubledOf = async (
  { sweepEntries }: Pick<SweepDeps, 'sweepEntries'>,
  sweepId: string,
  counts: SweepCounts,
): Promise<SweepTroubled> => {
  const first = async (status: SweepEntryStatus, count: number): Promise<string[]> => {
    if (count === 0) return []
    const { items } = await sweepEntries.list({ group: sweepId, limit: maxTroubled, statuses: [status] })
    return items.map(({ document }) => document.instanceId)
  }
  return {
    failed: await first('failed', counts.failed),
    inconclusive: await first('inconclusive', counts.inconclusive),
    notRun: await first('not_run', counts.notRun),
  }
}

const hasMissed = async (
  { sweepEntries }: Pick<SweepDeps, 'sweepEntries'>,
  sweepId: string,
  { notRun }: SweepCounts,
): Promise<boolean> => {
  if (notRun === 0) return false
  const { items } = await sweepEntries.list({
    group: sweepId,
    limit: 1,
    statuses: ['not_run'],
    isWanted: wasMissed,
  })
  return items.length > 0
}

/**
 * Completes a sweep to which nothing is to come, unless an entry of it is open: announced first, since nobody would do
 * that after a crash. The sweep is read before its entries, so that the write is refused if one was added meanwhile.
 */
export const completeSweep = async (deps: SweepDeps, sweepId: string): Promise<void> => {
  const stored = await deps.sweeps.get(sweepId)
  if (stored?.document.state !== 'running' || stored.document.listing !== null) return
  const open = await deps.sweepEntries.list({ group: sweepId, limit: 1, statuses: openStatuses })
  if (open.items.length > 0) return
  const counts = sweepCountsOf(await deps.sweepEntries.count(sweepId))
  const completed: Sweep = {
    ...stored.document,
    state: 'completed',
    completedAt: stored.document.completedAt ?? deps.now().toISOString(),
    counts,
    troubled: await troubledOf(deps, sweepId, counts),
  }
  await announceSweep(deps, completed, await hasMissed(deps, sweepId, counts))
  if (await deps.sweeps.put(sweepId, completed, stored.revision)) {
    deps.log.info('sweep.completed', { sweep: sweepId, kind: completed.kind, ...counts })
  }
}
