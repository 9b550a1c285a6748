import type { Entry } from '../../forms/read-table.ts'
import { repeated } from './read-list.ts'

/** What is known of an entry: what the service says of it, and what became of it. */
export type Verdict =
  | { readonly kind: 'unasked' | 'twice' | 'unanswered' | 'registered' }
  /** `seen`: the revision of what is registered under its id; 0: nothing is. */
  | { readonly kind: 'right'; readonly seen: number }
  | { readonly kind: 'wrong'; readonly reasons: readonly string[] }

export type Verdicts = ReadonlyMap<Entry, Verdict>

export const firstVerdicts = (entries: readonly Entry[]): Verdicts => {
  const twice = repeated(entries)
  return new Map(entries.map((entry) => [entry, { kind: twice.has(entry) ? 'twice' : 'unasked' }]))
}

/** What matters of an answer of the service. */
type Said<Value> =
  | { readonly kind: 'value'; readonly value: Value }
  | {
      readonly kind: 'problem'
      readonly problem: {
        readonly detail: string
        readonly errors?: readonly { readonly field: string; readonly message: string }[]
      }
    }
  | { readonly kind: 'unchanged' | 'offline' }

/** What an answer says of an entry. `right`: what it is when the service takes it. */
export const verdictOf = <Value>(answer: Said<Value>, right: (value: Value) => Verdict): Verdict => {
  if (answer.kind === 'value') return right(answer.value)
  if (answer.kind !== 'problem') return { kind: 'unanswered' }
  const { errors, detail } = answer.problem
  return { kind: 'wrong', reasons: errors?.map(({ field, message }) => `${field}: ${message}`) ?? [detail] }
}

/** Whether somebody has to do something about an entry. */
const isFaulty = ({ kind }: Verdict): boolean => ['wrong', 'twice', 'unanswered'].includes(kind)

/** Entries with their verdicts, those with faults first. */
export const faultsFirst = (verdicts: Verdicts): readonly (readonly [Entry, Verdict])[] => {
  const all = [...verdicts]
  return [
    ...all.filter(([, verdict]) => isFaulty(verdict)),
    ...all.filter(([, verdict]) => !isFaulty(verdict)),
  ]
}

/** How many entries would be new, would replace another one, have faults, and are registered. */
export const countsOf = (verdicts: Verdicts) => {
  const all = [...verdicts.values()]
  const right = all.filter((verdict) => verdict.kind === 'right')
  const fresh = right.filter(({ seen }) => seen === 0).length
  return {
    fresh,
    replaced: right.length - fresh,
    wrong: all.filter(isFaulty).length,
    registered: all.filter(({ kind }) => kind === 'registered').length,
  }
}
