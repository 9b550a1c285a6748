import { ascending } from './ascending.ts'
import {
  type Beyond,
  type ComparedFinding,
  type Comparison,
  type ComparisonTotals,
  type KnownFinding,
  compareFindings,
  obscuredBy,
  sightOf,
  withoutChanges,
} from './comparison.ts'
import { type AffectedObject, type Finding, FindingLevel } from './finding.ts'
import { firstOfEachKind } from './first-of-each-kind.ts'
import { type FindingsPage, levelCountsOf } from './item-pages.ts'
import type { KeptFinding } from './readiness.ts'
import { type Touches, isBlocking, touchesOf, untouched } from './touches.ts'

/** Findings of an item that answers show. */
const maxShownFindings = 200

/** Findings of a part of the comparison of an item that answers show. */
const maxShownCompared = 50

/** Databases that answers show of a readiness table. */
const maxShownDatabases = 100

/** The lists of a comparison. */
export type ComparisonLists = Pick<Comparison, 'new' | 'still' | 'resolved' | 'undetermined'>

/** What became of an item that was gone through page by page. */
export interface ComparedItem {
  readonly totals: ComparisonTotals
  /** The first findings of each part. */
  readonly lists: ComparisonLists
  /** Of the pages of findings, as they are after what is acknowledged. */
  readonly pages: readonly FindingsPage[]
  /** All that is found of the instance, and the first findings of databases; worst first. */
  readonly shown: readonly Finding[]
}

const ofCompared = () =>
  firstOfEachKind<ComparedFinding>(maxShownCompared, (one) =>
    [one.level, one.acknowledged, one.newlyAcknowledged, one.noLongerAcknowledged, one.baseline].join(),
  )

const worstFirst = (findings: readonly Finding[]): Finding[] =>
  FindingLevel.options.flatMap((level) => findings.filter((finding) => finding.level === level))

/**
 * Compares an item page by page with what was open of it. `known` holds that by fingerprints, and loses what is still
 * there. Findings come first (`take`), then, page by page as well, what was open (`leave`). Both give what is open now.
 */
export const comparingItem = (startedAt: string, known: Map<string, KnownFinding>, beyond: Beyond) => {
  const totals = { new: 0, still: 0, resolved: 0, undetermined: 0 }
  const first = { new: ofCompared(), still: ofCompared(), resolved: ofCompared(), undetermined: ofCompared() }
  const newOnes = new Set<string>()
  const shown = firstOfEachKind<Finding>(maxShownFindings, ({ level, acknowledgement, fingerprint }) =>
    [level, acknowledgement !== undefined, newOnes.has(fingerprint)].join(),
  )
  const pages: FindingsPage[] = []
  const ofInstance: Finding[] = []
  const obscured: AffectedObject[] = []
  let isSeen: ReturnType<typeof sightOf> | undefined
  const count = (part: keyof ComparisonTotals, findings: readonly ComparedFinding[]): void => {
    totals[part] += findings.length
    first[part].add(findings)
  }

  return {
    take: (findings: readonly Finding[]): ComparedFinding[] => {
      const compared = compareFindings(startedAt, findings, known, beyond)
      newOnes.clear()
      for (const { fingerprint } of compared.new) newOnes.add(fingerprint)
      ofInstance.push(...findings.filter(({ object }) => object.type === 'instance'))
      shown.add(findings.filter(({ object }) => object.type !== 'instance'))
      count('new', compared.new)
      count('still', compared.still)
      for (const { fingerprint } of compared.still) known.delete(fingerprint)
      obscured.push(...obscuredBy(findings))
      pages.push({ first: findings[0]?.object.name ?? '', levels: levelCountsOf(findings) })
      return [...compared.new, ...compared.still].map(withoutChanges)
    },
    leave: (open: readonly ComparedFinding[]): ComparedFinding[] => {
      const sees = (isSeen ??= sightOf(obscured))
      const gone = open.filter(({ fingerprint }) => known.has(fingerprint))
      const undetermined = gone.filter((one) => !sees(one))
      count('resolved', gone.filter(sees))
      count('undetermined', undetermined)
      return undetermined
    },
    end: (): ComparedItem => ({
      totals,
      lists: {
        new: first.new.kept(),
        still: first.still.kept(),
        resolved: first.resolved.kept(),
        undetermined: first.undetermined.kept(),
      },
      pages,
      shown: worstFirst([...ofInstance, ...shown.kept()]),
    }),
  }
}

/** How the findings of a precheck touch its databases, of all items together. */
export const touchingDatabases = () => {
  const byName = new Map<string, Touches>()
  let ofInstance = untouched
  return {
    judged: (names: readonly string[], touches = untouched): void => {
      for (const name of names) byName.set(name, (byName.get(name) ?? untouched) | touches)
    },
    found: (findings: readonly KeptFinding[]): void => {
      for (const finding of findings) {
        const touches = touchesOf([finding])
        const { type, name } = finding.object
        if (type === 'instance') ofInstance |= touches
        else byName.set(name, (byName.get(name) ?? untouched) | touches)
      }
    },
    /** Those of which answers show a row. */
    first: (): ReadonlySet<string> =>
      new Set([...byName.keys()].toSorted(ascending).slice(0, maxShownDatabases)),
    end: () => {
      const ofDatabases = [...byName.values()]
      return { ofInstance, ofDatabases, blocked: [ofInstance, ...ofDatabases].filter(isBlocking).length }
    },
  }
}
