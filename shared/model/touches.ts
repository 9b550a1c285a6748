import type { Effect } from './finding.ts'
import { type Operation, allOperations } from './operation.ts'

const lists = ['blocks', 'degrades', 'obscures', 'limits'] as const satisfies readonly (keyof Effect)[]

/** Which operations findings touch, and how: a bit for each list and operation. */
export type Touches = number

/** Nothing is said of any operation. */
export const untouched: Touches = 0

/** No finding, but what is known of the database itself: setup made it, and it holds no data of users. */
export const madeBySetup: Touches = 1 << (lists.length * allOperations.length)

const bitsOf = (list: keyof Effect): Readonly<Record<Operation, Touches>> => {
  const first = lists.indexOf(list) * allOperations.length
  const bit = (operation: Operation): Touches => 1 << (first + allOperations.indexOf(operation))
  return { full: bit('full'), incremental: bit('incremental'), log: bit('log'), restore: bit('restore') }
}

const bits = {
  blocks: bitsOf('blocks'),
  degrades: bitsOf('degrades'),
  obscures: bitsOf('obscures'),
  limits: bitsOf('limits'),
} as const satisfies Record<keyof Effect, unknown>

/** What findings say of the operations, all of them together. */
export const touchesOf = (findings: readonly Effect[]): Touches => {
  let touches = untouched
  for (const finding of findings)
    for (const list of lists) for (const operation of finding[list]) touches |= bits[list][operation]
  return touches
}

/** Whether findings say so of an operation. */
export const says = (touches: Touches, list: keyof Effect, operation: Operation): boolean =>
  (touches & bits[list][operation]) !== 0

/** Whether some operation is blocked by a finding. */
export const isBlocking = (touches: Touches): boolean =>
  allOperations.some((operation) => says(touches, 'blocks', operation))

/** Whether a finding says anything of an operation. */
export const isAbout = (finding: Effect, operation: Operation): boolean =>
  lists.some((list) => finding[list].includes(operation))

/**
 * True unless the database does not take the operation by design and nothing else is said of it: nobody plans against
 * that. One with any other finding counts, or a limit would hide what is wrong with it.
 */
export const isApplicable = (operation: Operation, own: Touches): boolean =>
  !says(own, 'limits', operation) ||
  says(own, 'blocks', operation) ||
  says(own, 'degrades', operation) ||
  says(own, 'obscures', operation)
