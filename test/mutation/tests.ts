/**
 * Stands in for what a test file imports of vitest, so that tests are collected once and can be run again and again in
 * one process. Expectations and mocks are those of vitest.
 */
import fc from 'fast-check'

export { expect, vi } from 'vitest'

// That a property fails is enough; to find the smallest case takes many times as long.
fc.configureGlobal({ endOnFailure: true })

type Run = (...values: never[]) => unknown

/** A test of a file, with what runs around it, from the outside in. */
export interface CollectedTest {
  readonly name: string
  readonly run: () => unknown
  readonly before: readonly Run[]
  readonly after: readonly Run[]
}

/** A group of tests while its file is read. */
interface Suite {
  readonly names: readonly string[]
  readonly before: readonly Run[]
  readonly after: readonly Run[]
  readonly own: { readonly before: Run[]; readonly after: Run[] }
}

const emptySuite = (outer: Pick<Suite, 'names' | 'before' | 'after'>, name?: string): Suite => ({
  names: name === undefined ? outer.names : [...outer.names, name],
  before: outer.before,
  after: outer.after,
  own: { before: [], after: [] },
})

const outermost = { names: [], before: [], after: [] }

let suite = emptySuite(outermost)
let collected: CollectedTest[] = []

/** Reads a file of tests, and returns them. */
export const collect = async (read: () => Promise<unknown>): Promise<readonly CollectedTest[]> => {
  suite = emptySuite(outermost)
  collected = []
  await read()
  return collected
}

/** Options and time limits may stand before or behind the body. */
const bodyOf = (rest: readonly unknown[]): Run =>
  rest.find((each): each is Run => typeof each === 'function') ?? (() => undefined)

/** The values of each row of a table: where all rows are lists, those in them. */
const valuesOf = (rows: readonly unknown[]): never[][] =>
  (rows.every(Array.isArray) ? rows : rows.map((row) => [row])) as never[][]

const addSuite = (name: string, body: Run, values: readonly never[]): void => {
  const outer = suite
  const around = {
    names: outer.names,
    before: [...outer.before, ...outer.own.before],
    after: [...outer.own.after, ...outer.after],
  }
  suite = emptySuite(around, name)
  body(...values)
  suite = outer
}

const addTest = (name: string, body: Run, values: readonly never[]): void => {
  const { names, before, after, own } = suite
  collected.push({
    name: [...names, name].join(' '),
    run: () => body(...values),
    before: [...before, ...own.before],
    after: [...own.after, ...after],
  })
}

const adding = (add: typeof addTest) => {
  const each =
    (rows: readonly unknown[]) =>
    (name: string, ...rest: readonly unknown[]): void => {
      for (const [index, values] of valuesOf(rows).entries()) add(`${name} (${index})`, bodyOf(rest), values)
    }
  const one = (name: string, ...rest: readonly unknown[]): void => add(name, bodyOf(rest), [])
  const none = (): void => undefined
  return Object.assign(one, { each, runIf: (condition: unknown) => (condition ? one : none) })
}

export const describe = adding(addSuite)
export const it = adding(addTest)

/** Hooks run around each test: one that is run again has to find what it found at first. */
export const beforeEach = (run: Run): void => void suite.own.before.push(run)
export const afterEach = (run: Run): void => void suite.own.after.push(run)
