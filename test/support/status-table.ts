import { expect } from 'vitest'
import { catalogue, checksFor } from '../../shared/checks/catalogue.ts'
import type { Check } from '../../shared/checks/framework/define-check.ts'
import { renderMessage, renderReason, renderRemediation } from '../../shared/checks/render.ts'
import type { Engine } from '../../shared/model/engine.ts'
import type { ItemResult, ItemStatus } from '../../shared/model/item-result.ts'
import { Locale } from '../../shared/model/message.ts'
import type { Remediation } from '../../shared/model/remediation.ts'
import { contextFor, judged } from './context.ts'
import { healthyAnswer } from './facts/healthy.ts'
import { someOf } from './property-runs.ts'
import { password } from './run-check.ts'

/** How an item ends, and what says why: codes of its reason or of the findings that decide, joined by ` + `. */
export type Ending =
  | { readonly status: 'passed' | 'warning' | 'error' | 'timed_out'; readonly because: string }
  /** The object that the deciding finding names, and a command of its remediation. */
  | {
      readonly status: 'failed'
      readonly because: string
      readonly object: string
      readonly remedy: string
    }
  /** The item in favour of which it was skipped, if it was for that. */
  | { readonly status: 'skipped'; readonly because: string; readonly dependsOn?: string }

/** `because` of an item that passed without as much as a note. */
export const nothing = 'nothing to report'

/** A row of a status table: an item, what it meets, and how it ends. */
export type Row = Ending & { readonly item: string; readonly when: string }

/** What keeps every item of an engine from its answer: a row for each of them. */
export interface Obstacle {
  readonly when: string
  readonly status: 'error' | 'timed_out'
  readonly because: string
}

/** The name of the test of a row. */
export const titleOf = ({ item, when, status, because }: Row): string =>
  `${item} is ${status} when ${when}: ${because}`

/** A status that an item never has. */
export interface Never {
  readonly item: string
  readonly status: ItemStatus
  readonly why: string
}

const decidingFindings = ({ status, findings }: ItemResult): ItemResult['findings'] =>
  findings.filter(({ level }) => level === (status === 'passed' ? 'note' : status))

const reasonOf = (result: ItemResult): string => {
  if (result.reason) return result.reason.code
  const codes = decidingFindings(result).map(({ message }) => message.code)
  return codes.length === 0 ? nothing : codes.join(' + ')
}

const textsOf = ({ checkItem, reason, findings, excluded }: ItemResult): string[] =>
  Locale.options.flatMap((locale) => {
    const messages = [...findings.map(({ message }) => message), ...excluded.map((each) => each.reason)]
    const texts = messages.map((message) => renderMessage(checkItem, message, locale))
    return reason ? [...texts, ...Object.values(renderReason(reason, locale))] : texts
  })

/** What a person reads of each step: the command, or what to do by hand. */
const wordsOf = (remediation: Remediation): string[] =>
  renderRemediation(remediation, 'en').steps.map(({ command, text }) => command ?? text)

/** Holds a result to its row. Whatever the row says: every text is complete, and nothing gives the password away. */
export const expectEnding = (result: ItemResult, row: Row): void => {
  const because = reasonOf(result)
  const { checkItem, status, vantage } = result
  expect({ checkItem, status, because, vantage }).toEqual({
    checkItem: row.item,
    status: row.status,
    because: row.because,
    vantage: 'checker',
  })
  if (row.status === 'failed') {
    const commands = decidingFindings(result)
      .filter(({ object }) => object.name === row.object)
      .flatMap(({ remediation }) => (remediation ? wordsOf(remediation) : []))
    expect(commands).toContainEqual(expect.stringContaining(row.remedy))
  }
  if (row.status === 'skipped') expect(result.reason?.params['checkItem']).toBe(row.dependsOn)
  for (const text of textsOf(result)) expect(text).not.toMatch(/\{\w+\}|^[A-Z_]+ \{/)
  expect(JSON.stringify(result)).not.toContain(password)
}

/** The check items that ask a database of an engine (`all`: those that try the network). */
export const itemsOf = (engine: Check['engine']): readonly Check[] =>
  catalogue.filter(({ question }) => question.probe === (engine === 'all' ? 'https' : engine))

/**
 * How an item of an engine ends on a healthy server: as its rule says of the facts that the stand-in is built from, so
 * that the way over the wire adds nothing and loses nothing.
 */
export const healthyEnding = (check: Check, engine: Engine): Ending => {
  const result = judged(check, { answer: healthyAnswer(check) }, contextFor(engine))
  return { status: 'passed', because: reasonOf(result) }
}

/**
 * Statuses that every item has a row for, whatever it judges. What it warns of and what it fails is held to its
 * verdicts (`verdict-table.ts`), and here by example.
 */
const ofEveryItem: readonly ItemStatus[] = ['passed', 'error', 'timed_out', 'skipped']

/** The cells that a table needs: every item of the engine by those statuses. */
export const cellsOf = (engine: Check['engine']): string[] =>
  itemsOf(engine)
    .flatMap(({ id }) => ofEveryItem.map((status) => `${id} ${status}`))
    .sort()

/** Of those cells, the ones that the rows fill or that are said to stay empty; one that is both stands there twice. */
export const cellsIn = (rows: readonly Row[], never: readonly Never[]): string[] => {
  const filled = new Set(rows.map(({ item, status }) => `${item} ${status}`))
  const empty = never.map(({ item, status }) => `${item} ${status}`)
  return [...filled, ...empty]
    .filter((cell) => ofEveryItem.some((status) => cell.endsWith(` ${status}`)))
    .sort()
}

/** Of the items beyond the essential ones, of how many rows one is run where all tests are: they end alike. */
const oneOf = 4

/** The rows that are run: all of the essential items, and some of the others; all by `npm run test:full`. */
export const rowsToRun = <Each extends Row>(rows: readonly Each[]): readonly Each[] => {
  const essential = new Set(catalogue.filter(({ set }) => set === 'essential').map(({ id }) => id))
  const others = rows.filter(({ item }) => !essential.has(item))
  return [...rows.filter(({ item }) => essential.has(item)), ...someOf(others, others.length / oneOf)]
}

/** The items that can be skipped: another item of their engine claims a problem of their probe that they do not claim. */
export const skippable = (engine: Check['engine']): string[] =>
  itemsOf(engine)
    .filter(({ claims = {}, question }) => {
      if (!('queries' in question)) return false
      const claimed = checksFor(question.probe).flatMap((other) => Object.keys(other.claims ?? {}))
      return claimed.some((code) => !(code in claims))
    })
    .map(({ id }) => id)

/** The items that are never skipped, and why. */
export const neverSkipped = (engine: Check['engine'], why: string): Never[] => {
  const able = skippable(engine)
  const unable = itemsOf(engine).filter(({ id }) => !able.includes(id))
  return unable.map(({ id }) => ({ item: id, status: 'skipped', why }))
}
