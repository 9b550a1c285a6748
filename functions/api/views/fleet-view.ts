import * as z from 'zod'
import type { Page } from '../../../shared/model/page.ts'
import type { Outcome } from '../../../shared/model/outcome.ts'
import type { FleetMember } from '../../../shared/model/standing.ts'

/** One letter for each outcome: a text of them has a place for every instance. */
const outcomeLetters = {
  passed: 'p',
  warning: 'w',
  failed: 'f',
  inconclusive: 'i',
} as const satisfies Record<Outcome, string>

/** There is none. */
const noLetter = '-'

const letters = z.string().regex(/^[pwfi-]*$/)
const Names = z.array(z.string())
const places = z.array(z.int())

/** The fleet in columns: the same place in each is the same instance. A tenth of what objects would take. */
export const FleetView = z
  .strictObject({
    ids: z.array(z.string()),
    engines: z.strictObject({ names: Names, of: places.describe('For each instance a place in `names`.') }),
    regions: z.strictObject({ names: Names, of: places }),
    tags: z.strictObject({
      names: Names.describe('As `key:value`.'),
      of: z.array(places).describe('For each instance the places of its tags in `names`.'),
    }),
    outcomes: letters.describe(
      'A letter for each instance, by its last result: p(assed), w(arning), f(ailed), i(nconclusive), - there is none.',
    ),
    previous: letters.describe('The same of the result before the last one.'),
    completedAt: places.describe(
      'When the last result was there, seconds since 1970 (UTC); 0: there is none.',
    ),
    new: places.describe('Findings that came with the last result.'),
    resolved: places.describe('Findings that went with it.'),
    running: z
      .array(z.strictObject({ at: z.int(), precheckId: z.string() }))
      .describe('Prechecks that run, with the places of their instances.'),
    disabled: places.describe('The places of instances that are not prechecked at night.'),
    next: z.string().nullable(),
  })
  .meta({ id: 'Fleet' })
export type FleetView = z.infer<typeof FleetView>

/** Gives every name a place, the same for the same one. */
const nameList = () => {
  const placeOf = new Map<string, number>()
  return {
    place: (name: string): number => {
      const known = placeOf.get(name)
      if (known !== undefined) return known
      placeOf.set(name, placeOf.size)
      return placeOf.size - 1
    },
    names: (): string[] => [...placeOf.keys()],
  }
}

const letterOf = (outcome: Outcome | null | undefined): string =>
  outcome ? outcomeLetters[outcome] : noLetter

/** Shows a page of the fleet; `next` is its cursor. */
export const fleetView = ({ items }: Page<FleetMember>, next: string | null): FleetView => {
  const engines = nameList()
  const regions = nameList()
  const tags = nameList()
  return {
    ids: items.map(({ id }) => id),
    // The places come first: they make the names.
    engines: { of: items.map(({ engine }) => engines.place(engine)), names: engines.names() },
    regions: { of: items.map(({ region }) => regions.place(region)), names: regions.names() },
    tags: {
      of: items.map((each) => Object.entries(each.tags).map(([key, value]) => tags.place(`${key}:${value}`))),
      names: tags.names(),
    },
    outcomes: items.map(({ last }) => letterOf(last?.outcome)).join(''),
    previous: items.map(({ last }) => letterOf(last?.previousOutcome)).join(''),
    completedAt: items.map(({ last }) => (last ? Math.floor(Date.parse(last.completedAt) / 1000) : 0)),
    new: items.map(({ last }) => last?.new ?? 0),
    resolved: items.map(({ last }) => last?.resolved ?? 0),
    running: items.flatMap(({ runningId }, at) =>
      runningId === null ? [] : [{ at, precheckId: runningId }],
    ),
    disabled: items.flatMap(({ enabled }, at) => (enabled ? [] : [at])),
    next,
  }
}
