import type { FleetView } from '../../functions/api/views/fleet-view.ts'

/** What the service answers of a fleet of so many (a multiple of 4), half of which passed, and all this minute. */
export const largeFleet = (count: number): FleetView => {
  const columnOf = <Value>(valueAt: (index: number) => Value): Value[] =>
    Array.from({ length: count }, (_, index) => valueAt(index))
  return {
    ids: columnOf((index) => `instance-${String(index).padStart(5, '0')}`),
    engines: { names: ['oracle', 'sqlserver', 'mysql'], of: columnOf((index) => index % 3) },
    regions: { names: ['a', 'b', 'c', 'd'], of: columnOf((index) => index % 4) },
    tags: { names: ['team:orders'], of: columnOf(() => [0]) },
    outcomes: 'ppfw'.repeat(count / 4),
    previous: 'pppp'.repeat(count / 4),
    completedAt: columnOf(() => Math.floor(Date.now() / 1000)),
    new: columnOf(() => 0),
    resolved: columnOf(() => 0),
    running: [],
    disabled: [],
    next: null,
  }
}
