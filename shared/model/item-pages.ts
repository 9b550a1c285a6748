import * as z from 'zod'
import { type Finding, FindingLevel } from './finding.ts'

/** How many findings there are of each level. */
export const LevelCounts = z.strictObject({
  failed: z.int(),
  error: z.int(),
  warning: z.int(),
  note: z.int(),
} satisfies Record<FindingLevel, z.ZodType>)
export type LevelCounts = Readonly<z.infer<typeof LevelCounts>>

/** A page of findings, as far as it takes to know whether it is worth reading. `first`: the name of the first object. */
const FindingsPage = z.strictObject({ first: z.string(), levels: LevelCounts })
export type FindingsPage = Readonly<z.infer<typeof FindingsPage>>

/**
 * What there is in the pages of a result whose lists are too long for a document: these are empty then. Findings are in
 * the order of the names of their objects, by the units of UTF-16.
 */
export const ItemPages = z.strictObject({
  /** Names the pages; the same contents have the same. */
  run: z.string().regex(/^[0-9a-f]{16}$/),
  /** Names those of the findings once they are acknowledged; left out where none is. */
  acknowledgedRun: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .optional(),
  findings: z.array(FindingsPage),
  /** Of each page with the names of databases, judged and left out: the first one that was judged. */
  names: z.array(z.string()),
  totals: z.strictObject({ findings: z.int(), databases: z.int(), excluded: z.int() }),
})
export type ItemPages = Readonly<z.infer<typeof ItemPages>>

export const levelCountsOf = (findings: readonly Pick<Finding, 'level'>[]): LevelCounts => {
  const counts = { failed: 0, error: 0, warning: 0, note: 0 }
  for (const { level } of findings) counts[level] += 1
  return counts
}

const sumOfLevels = (all: readonly LevelCounts[]): LevelCounts => {
  const sum = { failed: 0, error: 0, warning: 0, note: 0 }
  for (const level of FindingLevel.options) for (const counts of all) sum[level] += counts[level]
  return sum
}

/** Pages, by the first names in them, where a name may be. */
export const pagesWithName = (firstNames: readonly string[], name: string): number[] =>
  firstNames.flatMap((first, index) => {
    const next = firstNames[index + 1]
    return first <= name && (next === undefined || name <= next) ? [index] : []
  })

/** How many findings of each level are in the pages. */
export const levelsIn = ({ findings }: ItemPages): LevelCounts =>
  sumOfLevels(findings.map(({ levels }) => levels))
