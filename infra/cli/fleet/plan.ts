import { isDeepStrictEqual } from 'node:util'
import { type Definition, type Described, type Kind, type Refused, type Stored, kinds } from './kinds.ts'
import type { ReadFleet } from './documents.ts'

/** A field that is other than before; one that was not there, or is no more, is undefined. */
export interface FieldChange {
  readonly field: string
  readonly before: unknown
  readonly after: unknown
}

interface About {
  readonly kind: Kind
  readonly name: string
}

/** Something that is to be written or removed. */
export type Change =
  | (About & { readonly action: 'create'; readonly place: string; readonly definition: Definition })
  | (About & {
      readonly action: 'change'
      readonly place: string
      readonly definition: Definition
      readonly stored: Stored
      readonly fields: readonly FieldChange[]
    })
  | (About & { readonly action: 'remove'; readonly stored: Stored })

/** What makes the service as the documents say. */
export interface Plan {
  readonly changes: readonly Change[]
  readonly refused: readonly Refused[]
  readonly unchanged: number
}

const isObject = (value: unknown): value is Definition =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What is other in one object than in another. Lists are compared whole. */
const fieldChanges = (before: unknown, after: unknown, field = ''): FieldChange[] => {
  if (!isObject(before) || !isObject(after))
    return isDeepStrictEqual(before, after) ? [] : [{ field, before, after }]
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return names.flatMap((name) =>
    fieldChanges(before[name], after[name], field === '' ? name : `${field}.${name}`),
  )
}

/** An instance keeps the check items that it has where its registration says nothing of them. */
const keepingChecks = ({ kind, definition }: Described, stored: Stored): Definition => {
  const { checks } = stored.definition
  return kind === 'instance' && checks !== undefined ? { checks, ...definition } : definition
}

const changeTo = (described: Described, stored: Stored | undefined): Change | null => {
  const { kind, name, place, definition } = described
  if (!stored) return { action: 'create', kind, name, place, definition }
  const fields = fieldChanges(stored.definition, keepingChecks(described, stored))
  return fields.length === 0 ? null : { action: 'change', kind, name, place, definition, stored, fields }
}

const subjectOf = ({ kind, name }: About): string => `${kind} ${name}`

/** What the service has and no document describes, of the kinds that documents describe anything of. */
const removals = (described: readonly Described[], stored: readonly Stored[]): Change[] => {
  const subjects = new Set(described.map(subjectOf))
  const ruled = new Set(described.map(({ kind }) => kind))
  return stored
    .filter((each) => ruled.has(each.kind) && !subjects.has(subjectOf(each)))
    .map((each) => ({ action: 'remove', kind: each.kind, name: each.name, stored: each }))
}

/** Webhooks of the same address: there is nothing else to tell them apart by. */
const repeated = (stored: readonly Stored[]): ReadonlySet<string> => {
  const webhooks = stored.filter(({ kind }) => kind === 'webhook').map(subjectOf)
  return new Set(webhooks.filter((subject, index) => webhooks.indexOf(subject) !== index))
}

const ambiguous = (described: Described): Refused => ({
  subject: subjectOf(described),
  place: described.place,
  message: {
    en: 'the service has several of this address, and it is not known which is meant: remove all but one',
    zh: '服务中有多个使用该地址，无法确定所指的是哪一个：请只保留一个',
  },
})

/**
 * Plans what has to be written, kind by kind, and with `isPruned` what has to be removed; nothing is, where a document
 * or an entry could not be understood: what it was to say of might be among it.
 */
export const planOf = (fleet: ReadFleet, stored: readonly Stored[], isPruned: boolean): Plan => {
  const known = new Map(stored.map((each) => [subjectOf(each), each]))
  const several = repeated(stored)
  const clear = fleet.described.filter((each) => !several.has(subjectOf(each)))
  const unclear = fleet.described.filter((each) => several.has(subjectOf(each)))
  const refused = [...fleet.refused, ...unclear.map(ambiguous)]
  const written = clear.flatMap((each) => changeTo(each, known.get(subjectOf(each))) ?? [])
  const removed = isPruned && refused.length === 0 ? removals(clear, stored) : []
  return {
    changes: [...kinds.flatMap((kind) => written.filter((each) => each.kind === kind)), ...removed],
    refused,
    unchanged: clear.length - written.length,
  }
}

/** The JSON Merge Patch (RFC 7396) that makes one object of another. */
export const mergePatchTo = (before: Definition, after: Definition): Definition => ({
  ...Object.fromEntries(Object.keys(before).map((name) => [name, null])),
  ...Object.fromEntries(
    Object.entries(after).map(([name, value]) => {
      const known = before[name]
      return [name, isObject(known) && isObject(value) ? mergePatchTo(known, value) : value]
    }),
  ),
})
