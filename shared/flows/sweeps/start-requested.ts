import type { Sweep, SweepFilter } from '../../model/sweep.ts'
import type { Stored } from '../../ports/documents.ts'
import { type InstanceFilter, wantedBy } from '../../ports/instances.ts'
import { holdOpen } from './hold-open.ts'
import { latestRequested } from './latest-start.ts'
import { startDues } from './start-dues.ts'
import {
  type RoundLimits,
  type RoundWork,
  type SweepDeps,
  type SweepRound,
  addWork,
  attemptPart,
  isOver,
  noWork,
  withFault,
} from './sweep-round.ts'

/** Instances read at a time; their whole documents are. */
const pageSize = 200

const enabledOf = ({ engine, region, tags }: SweepFilter): InstanceFilter => ({
  ...(engine !== undefined && { engine }),
  ...(region !== undefined && { region }),
  ...(tags !== undefined && { tags }),
  enabled: true,
})

/** Deals with one page of the list of instances, as far as there is time; gives back how far the sweep has come by that. */
const startPage = async (
  round: SweepRound,
  { endsAt, room }: RoundLimits,
  sweep: Sweep,
): Promise<RoundWork & { readonly sweep: Sweep; readonly isWhole: boolean }> => {
  const after = sweep.listing?.after ?? null
  const page = await round.instances.list({
    limit: Math.min(pageSize, room),
    ...(after !== null && { after }),
    isWanted: wantedBy(enabledOf(sweep.filter)),
  })
  const about = { sweepId: sweep.id, kind: sweep.kind, dueAt: sweep.startedAt }
  const latestAt = latestRequested(sweep.startedAt)
  const dues = page.items.map(({ document: { id } }) => ({ ...about, instanceId: id, latestAt }))
  const { entered, ...work } = await startDues(round, endsAt, dues)
  const isWhole = entered === dues.length
  const isListed = isWhole && page.next === null
  const listing = isListed ? null : { after: dues[entered - 1]?.instanceId ?? after }
  return { ...work, sweep: { ...sweep, listing }, isWhole }
}

/** True for the write with which a requested sweep begins: its first page was dealt with. */
const begins = (before: Sweep, { listing }: Sweep): boolean =>
  before.listing?.after === null && listing?.after !== null

/** Writes how far a sweep has come; tells whether this round goes on with it. */
const keepPlace = async (
  deps: SweepDeps,
  { document: before, revision }: Stored<Sweep>,
  sweep: Sweep,
): Promise<boolean> => {
  const { id, kind } = sweep
  if (await deps.sweeps.put(id, sweep, revision)) {
    if (begins(before, sweep)) deps.log.info('sweep.started', { sweep: id, kind })
    return true
  }
  // Another round is at it, and may have completed it before it saw what was added here.
  await holdOpen(deps, before)
  return false
}

/**
 * Starts what is left of a requested sweep, page by page, as far as there is room and time. Its place in the list is
 * kept after every page. `isBusy`: more is to do at once.
 */
export const startRequested = async (
  round: SweepRound,
  { endsAt, room }: RoundLimits,
  sweepId: string,
): Promise<RoundWork & { readonly isBusy: boolean }> => {
  let work = noWork
  for (;;) {
    const stored = await round.sweeps.get(sweepId)
    if (!stored || stored.document.listing === null) return { ...work, isBusy: false }
    const left = room - work.started
    if (left <= 0 || isOver(round, endsAt)) return { ...work, isBusy: true }
    const { sweep, isWhole, ...page } = await startPage(round, { endsAt, room: left }, stored.document)
    work = addWork(work, page)
    const kept = await attemptPart(sweepId, () => keepPlace(round, stored, sweep))
    if ('fault' in kept) return { ...withFault(work, kept.fault), isBusy: false }
    if (!kept.value || !isWhole) return { ...work, isBusy: true }
  }
}
