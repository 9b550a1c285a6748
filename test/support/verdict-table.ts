import { describe, expect, it } from 'vitest'
import type { Check } from '../../shared/checks/framework/define-check.ts'
import type { Problem } from '../../shared/checks/problems/problem.ts'
import { renderMessage, renderReason, renderRemediation } from '../../shared/checks/render.ts'
import type { Engine } from '../../shared/model/engine.ts'
import type { Evidence } from '../../shared/model/evidence.ts'
import type { Effect, Finding } from '../../shared/model/finding.ts'
import { ItemResult, type ItemStatus } from '../../shared/model/item-result.ts'
import { Locale, type Params } from '../../shared/model/message.ts'
import type { Operation } from '../../shared/model/operation.ts'
import { Profile } from '../../shared/model/profile.ts'
import { type Verdict, readinessOf } from '../../shared/model/readiness.ts'
import type { Remediation } from '../../shared/model/remediation.ts'
import { spacedTerms } from './chinese.ts'
import { contextFor, judged } from './context.ts'
import type { Answer } from './engine-in-tests.ts'
import { propertyRuns, someOf } from './property-runs.ts'
import { greenerWithoutFacts } from './losses.ts'

/** Every operation, and every one that takes a backup, as the tables write them. */
export const all: readonly Operation[] = ['full', 'incremental', 'log', 'restore']
export const backups: readonly Operation[] = ['full', 'incremental', 'log']

/** A finding, and what it does to operations; a list that is left out is empty. `on`: type and name of its object. */
export type ExpectedFinding = { readonly code: string; readonly on: string } & {
  readonly [List in keyof Effect]?: readonly Operation[]
}

/** A row of the verdicts of a check item: a case, how the item judges it, and the manual that says so. */
export interface VerdictRow<Facts, Manual> {
  readonly when: string
  /** What is different from a healthy server. */
  readonly facts?: Facts
  /** When it is judged (UTC), where that matters. */
  readonly now?: string
  /** What kept the probe from its answer. */
  readonly problem?: Problem
  /** What the registration says that matters here. */
  readonly registered?: {
    readonly profile?: Profile
    readonly operations?: readonly Operation[]
    readonly requiredDatabases?: readonly string[]
    readonly backupAccount?: string
    readonly connection?: Readonly<Record<string, unknown>>
    readonly host?: Readonly<Record<string, unknown>>
  }
  readonly status: ItemStatus
  /** Code of the reason, of an item that could not be judged. */
  readonly because?: string
  /** All findings, in order. */
  readonly findings: readonly ExpectedFinding[]
  /** Cells of the readiness table by database, where the row is about them; `instance`: the summary of all. */
  readonly readiness?: Readonly<Record<string, Readonly<Partial<Record<Operation, Verdict>>>>>
  /** What the item says of the whole, where the row is about that. */
  readonly observed?: Evidence
  /** Names of the databases that were judged, and those that were left out and why, where the row is about them. */
  readonly databases?: readonly string[]
  readonly excluded?: Readonly<Record<string, string>>
  readonly manual: Manual
}

/** All that a finding of some verdict says: the one of that code on that object, in the row of that name. */
export interface DetailRow {
  readonly when: string
  readonly code: string
  readonly on: string
  readonly params: Params
  readonly observed: Evidence
  readonly expected: Evidence
  /** How it is fixed. Each step as `risk language: command`; of a step by hand, whose words are free, `risk manual`. */
  readonly steps: readonly string[]
  /** The query that shows that it is fixed, as `language: query`. */
  readonly verify?: string
  /** The facts that the steps change, and to what, where the row is about that. */
  readonly changes?: Remediation['changes']
}

/** All that is expected of a check item. */
export interface Expectations<Facts, Manual extends string> {
  readonly check: Check
  /** Engine of the instance that it looks at. */
  readonly engine: Engine
  /** What its probe brings back from a healthy server, but for the changes. */
  readonly answer: (changes?: Facts) => unknown
  /** Addresses or titles of the manuals that the rows follow. */
  readonly manuals: Readonly<Record<Manual, string>>
  /** The operations that are unknown while the item is not determined. */
  readonly affects: Readonly<Record<Profile, readonly Operation[]>>
  readonly verdicts: readonly VerdictRow<Facts, Manual>[]
  readonly details: readonly DetailRow[]
  /** Statuses that no verdict of it has, and why. */
  readonly never?: Readonly<Partial<Record<ItemStatus, string>>>
}
type Subject<Facts> = Pick<Expectations<Facts, never>, 'check' | 'engine' | 'answer'>

const resultOf = <Facts>(
  { check, engine, answer }: Subject<Facts>,
  { problem, facts, registered, now }: VerdictRow<Facts, string>,
): ItemResult => {
  const outcome = problem ? { problem } : { answer: answer(facts) }
  return judged(check, outcome, contextFor(engine, registered, now))
}

const onOf = ({ object }: Finding): string => `${object.type} ${object.name}`

const lists = ['blocks', 'degrades', 'obscures', 'limits'] as const

const briefly = (finding: Finding): ExpectedFinding => ({
  code: finding.message.code,
  on: onOf(finding),
  ...Object.fromEntries(
    lists.filter((list) => finding[list].length > 0).map((list) => [list, finding[list]]),
  ),
})

const verdictsIn = (check: Check, result: ItemResult, profile: Profile) => {
  const planned = [{ checkItem: check.id, affects: [...check.affects(profile)] }]
  const { instance, databases } = readinessOf(planned, [result])
  const rows = databases.map(({ database, operations }) => [database, operations] as const)
  return Object.fromEntries(
    [['instance', instance] as const, ...rows].map(([name, { full, incremental, log, restore }]) => [
      name,
      { full: full.verdict, incremental: incremental.verdict, log: log.verdict, restore: restore.verdict },
    ]),
  )
}

const textsOf = ({ checkItem, findings, excluded, reason }: ItemResult): string[] =>
  Locale.options.flatMap((locale) => {
    const messages = [...findings.map(({ message }) => message), ...excluded.map((each) => each.reason)]
    const texts = messages.map((message) => renderMessage(checkItem, message, locale))
    return reason ? [...texts, renderReason(reason, locale).text, renderReason(reason, locale).advice] : texts
  })

const remediationsOf = ({ findings }: ItemResult): Remediation[] =>
  findings.flatMap(({ remediation }) => remediation ?? [])

const stepTextsOf = (result: ItemResult): string[] =>
  Locale.options.flatMap((locale) =>
    remediationsOf(result).flatMap((remediation) =>
      renderRemediation(remediation, locale).steps.flatMap(({ text, riskText, needsText }) => [
        text,
        riskText,
        needsText,
      ]),
    ),
  )

/** What may lose data comes last, and everything before it may still find out that it is not needed. */
const expectLossLast = (remediation: Remediation): void => {
  const isLossy = remediation.steps.map(({ risk }) => risk === 'data-loss')
  expect(isLossy).toEqual(isLossy.toSorted((one, other) => Number(one) - Number(other)))
}

const hasChineseName = ({ findings }: ItemResult): boolean =>
  findings.some(({ object }) => /\p{sc=Han}/u.test(object.name))

/** Whatever a row says: the result has its shape, no text lacks a parameter or a word, and no step comes too early. */
const expectPresentable = (result: ItemResult): void => {
  expect(ItemResult.parse(result)).toEqual(result)
  for (const text of [...textsOf(result), ...stepTextsOf(result)]) {
    expect(text).not.toMatch(/\{\w+\}|^[\w.]+ \{/)
    if (!hasChineseName(result)) expect(text).not.toMatch(spacedTerms)
  }
  for (const remediation of remediationsOf(result)) expectLossLast(remediation)
}

const expectVerdict = <Facts>(subject: Subject<Facts>, row: VerdictRow<Facts, string>): void => {
  const result = resultOf(subject, row)
  const { status, reason, findings, excluded } = result
  expect({ status, because: reason?.code, findings: findings.map(briefly) }).toEqual({
    status: row.status,
    because: row.because,
    findings: row.findings,
  })
  if (row.readiness) {
    const profile = row.registered?.profile ?? 'cloud-backup'
    expect(verdictsIn(subject.check, result, profile)).toMatchObject(row.readiness)
  }
  if (row.observed) expect(result.observed).toEqual(row.observed)
  if (row.databases) expect(result.databases).toEqual(row.databases)
  if (row.excluded) {
    const left = excluded.map((each) => [each.name, each.reason.code])
    expect(left).toEqual(Object.entries(row.excluded))
  }
  expectPresentable(result)
}

const stepsOf = ({ remediation }: Finding): string[] =>
  (remediation?.steps ?? []).map(({ risk, language, command }) =>
    language === 'manual' ? `${risk} manual` : `${risk} ${language}: ${command}`,
  )

const verifyOf = ({ remediation }: Finding): string | undefined =>
  remediation?.verify ? `${remediation.verify.language}: ${remediation.verify.query}` : undefined

const expectDetail = <Facts>(
  subject: Subject<Facts>,
  verdict: VerdictRow<Facts, string>,
  { code, on, changes, ...row }: DetailRow,
): void => {
  const { findings } = resultOf(subject, verdict)
  const found = findings.filter((finding) => finding.message.code === code && onOf(finding) === on)
  const details = found.map((finding) => ({
    params: finding.message.params,
    observed: finding.observed,
    expected: finding.expected,
    steps: stepsOf(finding),
    verify: verifyOf(finding),
    ...(changes && { changes: finding.remediation?.changes }),
  }))
  const { params, observed, expected, steps, verify } = row
  expect(details).toEqual([{ params, observed, expected, steps, verify, ...(changes && { changes }) }])
}

/** About so many rows of a table are judged again without each of their facts; all of them by `npm run test:full`. */
const rowsWithLosses = 6

/**
 * Tests a check item against its tables, a test for each row. The tables are whole: whatever the item has a text for
 * stands in some row of each, every manual is followed by some row, and every document of the item is a manual.
 */
export const testCheckItem = <Facts, Manual extends string>(
  expectations: Expectations<Facts, Manual>,
): void => {
  const { check, engine, answer, manuals, affects, verdicts, details, never = {} } = expectations

  it.each(verdicts.map((row) => [row.status, row.when, row] as const))('is %s: %s', (_status, _when, row) => {
    expectVerdict(expectations, row)
  })

  it.runIf('queries' in check.question)('is greener for no fact that is taken away', () => {
    const rows = someOf(verdicts, propertyRuns(rowsWithLosses)).filter(({ problem }) => problem === undefined)
    const breaches = rows.flatMap(({ facts, registered, now, when }) =>
      greenerWithoutFacts(check, contextFor(engine, registered, now), answer(facts) as Answer).map(
        (breach) => `${when}: ${breach}`,
      ),
    )
    expect(breaches).toEqual([])
  })

  it.each(details.map((row) => [row.code, row.when, row] as const))('explains %s: %s', (_code, when, row) => {
    const [verdict, ...more] = verdicts.filter((each) => each.when === when)
    if (!verdict || more.length > 0) throw new Error(`${when}: there has to be one verdict of that name`)
    expectDetail(expectations, verdict, row)
  })

  it.each(Profile.options)('leaves these operations unknown while it is not determined: %s', (profile) => {
    expect(check.affects(profile)).toEqual(affects[profile])
  })

  describe('its tables', () => {
    const excluded = verdicts.flatMap((row) => Object.values(row.excluded ?? {}))
    const codes = Object.keys(check.texts).sort()

    it('have a verdict for everything that it can say', () => {
      const found = verdicts.flatMap(({ findings }) => findings.map(({ code }) => code))
      expect([...new Set([...found, ...excluded])].sort()).toEqual(codes)
    })

    it('have a verdict of every status that a rule gives', () => {
      const statuses = new Set([...verdicts.map(({ status }) => status), ...Object.keys(never)])
      expect([...statuses].sort()).toEqual(['error', 'failed', 'passed', 'warning'])
    })

    it('show every step that it is fixed by', () => {
      const remediations = verdicts.flatMap((row) => remediationsOf(resultOf(expectations, row)))
      const named = remediations.flatMap(({ steps }) => steps.map(({ message }) => message.code))
      expect([...new Set(named)].sort()).toEqual(check.fixes.map(({ code }) => code))
    })

    it('explain everything that it can say', () => {
      expect([...new Set([...details.map(({ code }) => code), ...excluded])].sort()).toEqual(codes)
    })

    it('follow every manual that they name, and name every document of the item', () => {
      const followed = new Set<string>(verdicts.map(({ manual }) => manual))
      expect([...followed].sort()).toEqual(Object.keys(manuals).sort())
      expect(Object.values(manuals)).toEqual(expect.arrayContaining([...check.documents]))
    })
  })
}
