import { type InstanceProtection, standingNow } from '../model/instance-protection.ts'
import type { Page, PageRequest } from '../model/page.ts'
import { byPlace } from '../model/protection.ts'
import type { Stored } from '../ports/documents.ts'
import type { Instances } from '../ports/instances.ts'
import type { Protections } from '../ports/protections.ts'

/** Read at a time. */
const batch = 500

interface FleetDeps {
  readonly protections: Pick<Protections, 'list'>
  readonly instances: Pick<Instances, 'get'>
  readonly now: () => Date
}

/**
 * A page of the fleet, worst first; all of it is read, and no more than a page is held. What was seen too long ago is
 * unknown, which no order that is stored could say. Instances that were removed meanwhile are left out of a page.
 */
export const worstFirst = async (
  { protections, instances, now }: FleetDeps,
  { limit, after: place = '' }: PageRequest,
  isWanted: (kept: InstanceProtection) => boolean,
): Promise<Page<InstanceProtection>> => {
  const at = now()
  let first: ReturnType<typeof standingNow>[] = []
  let after: string | null = null
  do {
    const page: Page<Stored<InstanceProtection>> = await protections.list({
      limit: batch,
      isWanted,
      ...(after !== null && { after }),
    })
    const found = page.items.map(({ document }) => standingNow(document, at))
    first = [...first, ...found.filter((each) => each.place > place)].toSorted(byPlace).slice(0, limit + 1)
    after = page.next
  } while (after !== null)
  const shown = first.slice(0, limit)
  const registered = await Promise.all(shown.map((each) => instances.get(each.shown.instanceId)))
  return {
    items: shown.filter((_, index) => registered[index]).map((each) => each.shown),
    next: first.length > limit ? (shown.at(-1)?.place ?? null) : null,
  }
}
