import { daysLater } from '../../model/local-time.ts'
import type { Page, PageRequest } from '../../model/page.ts'
import { CalendarDate } from '../../model/schedule.ts'
import type { Sweep } from '../../model/sweep.ts'
import { documentsOf } from '../../ports/documents.ts'
import type { Sweeps } from '../../ports/sweeps.ts'
import { idTimeOf } from './request-sweep.ts'

/** Days (UTC) by which the beginning of a night may be before or after the date that it is named after, in any time zone. */
const nightSpanDays = 2

/** Sorts by when sweeps began, as the ids of requested ones do; that of a night is its date, whenever it began. */
const startKey = ({ kind, id, startedAt }: Sweep): string =>
  kind === 'requested' ? id : `${idTimeOf(new Date(startedAt))}-${id}`

/** The date of a key or id, so many days later; null where a caller has sent something else. */
const dateNear = (key: string, days: number): string | null => {
  const date = CalendarDate.safeParse(key.slice(0, 'YYYY-MM-DD'.length))
  return date.success ? daysLater(date.data, days) : null
}

/**
 * Sweeps by when they began, newest first. Stores list them by their ids, which tells that of requested ones; nights
 * are read from some days around and put in between. `after`: the key of the last one before.
 */
export const listNewestSweeps = async (
  { sweeps }: { readonly sweeps: Pick<Sweeps, 'list'> },
  { limit, after }: PageRequest,
): Promise<Page<Sweep>> => {
  const requested = await sweeps.list({
    limit,
    ...(after !== undefined && { after }),
    isWanted: ({ kind }) => kind === 'requested',
  })
  const newest = after === undefined ? null : dateNear(after, nightSpanDays)
  const last = requested.items.at(-1)?.document
  const oldest = requested.next !== null && last ? dateNear(last.id, -nightSpanDays) : null
  const nights = await sweeps.list({
    limit,
    // "~" sorts after every character that an id may hold.
    ...(newest !== null && { after: `${newest}~` }),
    ...(oldest !== null && { before: oldest }),
    isWanted: (sweep) => sweep.kind === 'nightly' && (after === undefined || startKey(sweep) < after),
  })
  const found = [...documentsOf(requested).items, ...documentsOf(nights).items]
  const byStart = found.toSorted((one, other) => (startKey(one) < startKey(other) ? 1 : -1))
  const items = byStart.slice(0, limit)
  const isMore = byStart.length > limit || requested.next !== null || nights.next !== null
  const end = items.at(-1)
  return { items, next: isMore && end ? startKey(end) : null }
}
