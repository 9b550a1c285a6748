import type { Page } from '../model/page.ts'
import type { FleetMember } from '../model/standing.ts'
import type { Sweep } from '../model/sweep.ts'
import { listAll } from '../ports/documents.ts'
import type { Sweeps } from '../ports/sweeps.ts'
import type { Webhook } from '../webhooks/model/webhook.ts'
import type { Webhooks } from '../webhooks/stores.ts'
import { type FleetDeps, readFleet } from './fleet.ts'
import { listNewestSweeps } from './sweeps/list-newest-sweeps.ts'

interface Deps extends FleetDeps {
  readonly sweeps: Pick<Sweeps, 'list'>
  readonly webhooks: Pick<Webhooks, 'list'>
}

/** What metrics are made of. */
export interface Measured {
  readonly fleet: readonly FleetMember[]
  /** The sweep that began last; null: there was none. */
  readonly sweep: Sweep | null
  readonly webhooks: readonly Webhook[]
}

/** Instances that are read at a time. */
const batch = 10_000

const readAllOf = async (deps: FleetDeps): Promise<readonly FleetMember[]> => {
  const found: FleetMember[] = []
  let after: string | null = null
  do {
    const page: Page<FleetMember> = await readFleet(deps, { limit: batch, ...(after !== null && { after }) })
    found.push(...page.items)
    after = page.next
  } while (after !== null)
  return found
}

/** Reads what metrics are made of: of each instance what stands beside its last result, and no result. */
export const readMeasured = async (deps: Deps): Promise<Measured> => {
  const [fleet, sweeps, webhooks] = await Promise.all([
    readAllOf(deps),
    listNewestSweeps(deps, { limit: 1 }),
    listAll(deps.webhooks),
  ])
  return { fleet, sweep: sweeps.items[0] ?? null, webhooks }
}
