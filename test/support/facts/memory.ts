import type { DatabaseIdentity, Identities } from '../../../shared/model/identity.ts'
import { type Inventory, followInventory } from '../../../shared/model/inventory.ts'
import type { Observation } from '../../../shared/model/observation.ts'
import type { Series } from '../../../shared/model/series.ts'
import { identitiesOf } from '../../../shared/checks/framework/identities.ts'

/** A database as it was created in March, whose last full backup is `base-1`, but for the changes. */
export const identity = (
  name: string,
  {
    origin = '2025-03-01',
    fork = 'fork-1',
    base = 'base-1',
  }: Partial<Record<'origin' | 'fork' | 'base', string | null>> = {},
): DatabaseIdentity => [name, origin, fork, base]

/** What an item saw of SQL01 with `Sales` and `HR`, but for the changes. */
export const seen = (changes: Partial<Parameters<typeof identitiesOf>[0]> = {}): Identities =>
  identitiesOf({
    instance: { name: 'SQL01' },
    type: 'database',
    isWhole: true,
    databases: [identity('Sales'), identity('HR')],
    ...changes,
  })

export interface InventoryFacts {
  readonly known: Inventory | null
  readonly seen: Identities
  readonly at: string
  readonly observations: readonly Observation[]
  readonly series: readonly Series[]
}

/** The night that is judged, and the one before, UTC. */
export const tonight = '2026-11-21T02:00:00.000Z'
export const lastNight = '2026-11-20T02:00:00.000Z'

/** What is remembered after these were seen, a night apart, up to the night before. */
export const remembered = (...nights: readonly Identities[]): Inventory | null => {
  const first = Date.parse(tonight) - nights.length * 24 * 60 * 60 * 1000
  return nights.reduce<Inventory | null>((known, each, index) => {
    const at = new Date(first + index * 24 * 60 * 60 * 1000).toISOString()
    return followInventory(known, each, at, []).next
  }, null)
}

/** An instance that is as it was the night before, but for the changes. */
export const inventoryFacts = (changes: Partial<InventoryFacts> = {}): InventoryFacts => ({
  known: remembered(seen()),
  seen: seen(),
  at: tonight,
  observations: [],
  series: [],
  ...changes,
})
