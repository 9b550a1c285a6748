import TableStore, { type Infinite, type Long } from 'tablestore'

/**
 * What a test says about an argument: of an object the members that matter, of an array every element (each in part),
 * or a matcher of vitest (`expect.stringContaining(…)`) anywhere inside.
 */
export type Pattern<T> = T extends Whole
  ? T
  : T extends readonly (infer Element)[]
    ? readonly Pattern<Element>[]
    : { readonly [Key in keyof T]?: Pattern<T[Key]> }

/** Values that are compared as a whole. */
type Whole =
  | string
  | number
  | bigint
  | boolean
  | symbol
  | null
  | undefined
  | Uint8Array
  | Date
  | Long
  | Infinite
  | ((...args: never[]) => unknown)

interface AsymmetricMatcher {
  asymmetricMatch(actual: unknown): boolean
  toString(): string
  readonly sample?: unknown
}

export const isAsymmetricMatcher = (value: unknown): value is AsymmetricMatcher =>
  typeof value === 'object' &&
  value !== null &&
  'asymmetricMatch' in value &&
  typeof value.asymmetricMatch === 'function'

const longPrototype: unknown = Object.getPrototypeOf(TableStore.Long.fromNumber(0))

export const isLong = (value: unknown): value is Long =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === longPrototype

/** `INF_MIN`, `INF_MAX` or null. Both are empty objects, so that only their identity tells them apart. */
export const infiniteName = (value: unknown): 'INF_MIN' | 'INF_MAX' | null => {
  if (value === TableStore.INF_MIN) return 'INF_MIN'
  if (value === TableStore.INF_MAX) return 'INF_MAX'
  return null
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Where a value does not fit, and both sides of it. */
export interface Difference {
  readonly path: string
  readonly expected: unknown
  readonly actual: unknown
}

/** A value compared as a whole: whether it is equal, or null if it is looked into instead. */
const equalAsWhole = (pattern: unknown, actual: unknown): boolean | null => {
  if (isAsymmetricMatcher(pattern)) return pattern.asymmetricMatch(actual)
  if (Object.is(pattern, actual)) return true
  if (infiniteName(pattern) ?? infiniteName(actual)) return false
  // By their digits: two of them with the same value may lie at different places of different buffers.
  if (isLong(pattern)) return isLong(actual) && String(pattern) === String(actual)
  if (pattern instanceof Uint8Array)
    return actual instanceof Uint8Array && Buffer.compare(pattern, actual) === 0
  if (pattern instanceof Date) return actual instanceof Date && pattern.getTime() === actual.getTime()
  return Array.isArray(pattern) || isObject(pattern) ? null : false
}

/** An instance of a class fits only its own class; a plain object fits any object. */
const fitsClass = (pattern: object, actual: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(pattern)
  return prototype === Object.prototype || prototype === Object.getPrototypeOf(actual)
}

/** The first place where a value does not fit its pattern, or null if it fits. */
export const firstDifference = (pattern: unknown, actual: unknown, path = ''): Difference | null => {
  const difference = { path, expected: pattern, actual }
  const equal = equalAsWhole(pattern, actual)
  if (equal !== null) return equal ? null : difference
  if (Array.isArray(pattern)) {
    if (!Array.isArray(actual) || actual.length !== pattern.length) return difference
    return firstOf(
      pattern.map((element, index) => firstDifference(element, actual[index], `${path}[${index}]`)),
    )
  }
  if (!isObject(pattern) || !isObject(actual) || !fitsClass(pattern, actual)) return difference
  return firstOf(
    Object.keys(pattern).map((key) => firstDifference(pattern[key], actual[key], `${path}.${key}`)),
  )
}

const firstOf = (differences: readonly (Difference | null)[]): Difference | null =>
  differences.find((difference) => difference !== null) ?? null

/** The first argument that does not fit. Patterns may be fewer than arguments: the rest may be anything. */
export const firstArgumentDifference = (
  patterns: readonly unknown[],
  args: readonly unknown[],
): Difference | null =>
  firstOf(patterns.map((pattern, index) => firstDifference(pattern, args[index], `[${index}]`)))
