import type { Page, PageRequest } from '../model/page.ts'
import type { FleetMember, InstanceHead, InstanceStanding } from '../model/standing.ts'
import type { Instances } from '../ports/instances.ts'
import type { Results } from '../ports/results.ts'

/** Read at a time: what one request to Tablestore gives at most, and 20 ms of the embedded database. */
const batch = 5000

/** Bytes of ids and tags in one answer, roughly; 10,000 instances with some tags have a tenth of it. */
const maxBytes = 4 * 1024 * 1024

/** What it takes to read how the fleet stands. */
export interface FleetDeps {
  readonly instances: Pick<Instances, 'listHeads'>
  readonly results: Pick<Results, 'standings'>
}

const sizeOf = ({ id, tags }: InstanceHead): number =>
  id.length + Object.entries(tags).reduce((sum, [key, value]) => sum + key.length + value.length, 0)

/** The first ones, as many as an answer may hold; at least one. */
const withinBytes = (heads: readonly InstanceHead[]): readonly InstanceHead[] => {
  let bytes = 0
  const tooMany = heads.findIndex((head) => (bytes += sizeOf(head)) > maxBytes)
  return tooMany === -1 ? heads : heads.slice(0, Math.max(1, tooMany))
}

const readHeads = async (
  { instances }: Pick<FleetDeps, 'instances'>,
  { limit, after }: PageRequest,
): Promise<Page<InstanceHead>> => {
  const found: InstanceHead[] = []
  let next: string | null = after ?? ''
  while (next !== null && found.length < limit) {
    const page: Page<InstanceHead> = await instances.listHeads({
      limit: Math.min(batch, limit - found.length),
      ...(next !== '' && { after: next }),
    })
    found.push(...page.items)
    next = page.next
  }
  const items = withinBytes(found)
  return { items, next: items.length < found.length ? (items.at(-1)?.id ?? null) : next }
}

/** The standings after an id, up to `last` at least; null: all of them. */
const readStandings = async (
  { results }: Pick<FleetDeps, 'results'>,
  after: string | undefined,
  last: string | null,
): Promise<ReadonlyMap<string, InstanceStanding>> => {
  const found = new Map<string, InstanceStanding>()
  let next: string | null = after ?? ''
  while (next !== null) {
    const page: Page<InstanceStanding> = await results.standings({
      limit: batch,
      ...(next !== '' && { after: next }),
    })
    for (const standing of page.items) found.set(standing.instanceId, standing)
    next = page.next === null || (last !== null && page.next >= last) ? null : page.next
  }
  return found
}

/** A page of the fleet in the order of the ids: what each instance is, and how it stands by its last result. */
export const readFleet = async (deps: FleetDeps, request: PageRequest): Promise<Page<FleetMember>> => {
  const { items, next } = await readHeads(deps, request)
  const standings = await readStandings(deps, request.after, next)
  const members = items.map(({ id, engine, region, tags, enabled }) => {
    const { runningId = null, last = null } = standings.get(id) ?? {}
    return { id, engine, region, tags, enabled, runningId, last }
  })
  return { items: members, next }
}
