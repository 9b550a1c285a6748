import { isDeepStrictEqual } from 'node:util'
import { SweepView } from '../../../functions/api/views/sweep-view.ts'
import { sweepCountsOf } from '../../../shared/model/sweep.ts'
import { type Access, pause, send } from './client.ts'

/** What became of an instance in it. */
export type SweepEntry = SweepView['entries']['items'][number]

/** Pause between two looks at a running sweep, ms: for each, the service counts its instances. */
const pauseMs = 500

/** What there is to say about an instance that did not pass. */
const troubled = 'failed,inconclusive,warning,not_run'

/** A sweep, with the entries that the query asks for. */
export const readSweep = (access: Access, sweepId: string, query: string): Promise<SweepView> =>
  send(access, { method: 'GET', path: `/v1/sweeps/${encodeURIComponent(sweepId)}?${query}` }, SweepView)

/** Follows a sweep to its end; `onCounts` hears of every change. */
export const followSweep = async (
  access: Access,
  sweepId: string,
  onCounts: (counts: SweepView['counts']) => void,
): Promise<SweepView> => {
  let shown: SweepView['counts'] = sweepCountsOf({})
  for (;;) {
    const sweep = await readSweep(access, sweepId, 'limit=1')
    if (!isDeepStrictEqual(sweep.counts, shown)) onCounts(sweep.counts)
    shown = sweep.counts
    if (sweep.state === 'completed') return sweep
    await pause(access, pauseMs)
  }
}

/** The instances of a sweep that did not pass or were not prechecked, in the order of their ids. */
export const readTroubled = async (access: Access, sweepId: string): Promise<SweepEntry[]> => {
  const found: SweepEntry[] = []
  for (let after: string | null = ''; after !== null;) {
    const place: string = after === '' ? '' : `&after=${encodeURIComponent(after)}`
    const { entries }: SweepView = await readSweep(access, sweepId, `status=${troubled}&limit=200${place}`)
    found.push(...entries.items)
    after = entries.next
  }
  return found
}
