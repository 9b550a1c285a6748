import type { Sweep } from '../../model/sweep.ts'
import type { Sweeps } from '../../ports/sweeps.ts'

/** Sweeps read at a time. */
const pageSize = 100

/** The date with which the id of a sweep begins. */
export const dateOf = ({ id }: Pick<Sweep, 'id'>): string => id.slice(0, 'YYYY-MM-DD'.length)

/** The sweeps that run, oldest first. `openSince`: all of earlier dates are known to be completed. */
export const listRunningSweeps = async (
  { sweeps }: { readonly sweeps: Pick<Sweeps, 'list'> },
  openSince: string | undefined,
): Promise<readonly Sweep[]> => {
  const running: Sweep[] = []
  let after: string | null = null
  do {
    const page = await sweeps.list({ limit: pageSize, ...(after !== null && { after }) })
    const found = page.items.map(({ document }) => document)
    running.push(...found.filter(({ state }) => state === 'running'))
    const last = found.at(-1)
    const isPast = last !== undefined && openSince !== undefined && dateOf(last) < openSince
    after = isPast ? null : page.next
  } while (after !== null)
  return running.toReversed()
}
