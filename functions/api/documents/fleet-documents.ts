import { type Document, LineCounter, Parser, isMap, isNode, isScalar, isSeq, parseAllDocuments } from 'yaml'
import * as z from 'zod'
import { type Detail, type Failure, type Result, andThen } from '../../../shared/model/failure.ts'
import type { Locale, Text } from '../../../shared/model/message.ts'
import { parsedFields } from '../routing/field-errors.ts'
import { mergePatch } from '../routing/merge-patch.ts'

/** An instance, a policy or a webhook as it stands in a document. `line`: from 1. */
export interface DocumentEntry {
  readonly kind: 'policy' | 'instance' | 'webhook'
  /** Of a webhook its place among those of the document. */
  readonly name: string
  readonly line: number
  /** As they were written; an instance has the defaults of its document too. */
  readonly fields: unknown
}

/** A document that cannot be understood, and why. `line`: where it begins, from 1. */
export interface DocumentFault {
  readonly line: number
  readonly message: Detail
}

const Entries = z.record(z.string(), z.unknown()).nullish()

const FleetDocument = z.strictObject({
  defaults: Entries,
  policies: Entries,
  instances: Entries,
  webhooks: z.array(z.unknown()).nullish(),
})

/** A document that is one instance, as `precheck run --file` takes it. */
const OneInstance = z.looseObject({ id: z.string().optional(), connection: z.looseObject({}) })

/** A document that is a list of instances. */
const ListOfInstances = z.array(z.looseObject({ id: z.string().default('') }))

/** What is wrong with each field, on lines of their own. `whole`: what the value itself is called. */
export const fieldLines = ({ errors = [] }: Failure<'FIELDS_INVALID'>, whole: string): Text => {
  const linesIn = (locale: Locale, colon: string): string =>
    errors.map(({ field, message }) => `${field || whole}${colon}${message[locale]}`).join('\n')
  return { en: linesIn('en', ': '), zh: linesIn('zh', '：') }
}

/** Tells on which line something stands. */
type LineOf = (node: unknown) => number

/** Where each entry of a map or list stands. */
const linesIn = (section: unknown, lineOf: LineOf): ReadonlyMap<string, number> => {
  if (isMap(section))
    return new Map(section.items.map(({ key }) => [String(isScalar(key) ? key.value : key), lineOf(key)]))
  return new Map(isSeq(section) ? section.items.map((item, index) => [String(index), lineOf(item)]) : [])
}

type Entries = Result<readonly DocumentEntry[], 'FIELDS_INVALID'>

const entriesOf = (document: Document.Parsed, unnamed: string, lineOf: LineOf): Entries => {
  const value: unknown = document.toJS()
  if (value === null) return { value: [] }
  const begin = lineOf(document.contents)
  const one = OneInstance.safeParse(value)
  if (one.success) {
    const { id = unnamed, ...fields } = one.data
    return { value: [{ kind: 'instance', name: id, line: begin, fields }] }
  }
  if (isSeq(document.contents)) {
    const { items } = document.contents
    return andThen(parsedFields(ListOfInstances, value, ['body']), (list) => ({
      value: list.map(({ id, ...fields }, index) => ({
        kind: 'instance' as const,
        name: id,
        line: lineOf(items[index]),
        fields,
      })),
    }))
  }
  const parsed = parsedFields(FleetDocument, value, ['body'])
  if ('failure' in parsed) return parsed
  const { defaults, policies, instances, webhooks } = parsed.value
  const entriesIn = (kind: DocumentEntry['kind'], section: string, entries: object): DocumentEntry[] => {
    const lines = linesIn(document.get(section), lineOf)
    return Object.entries(entries).map(([name, fields]: [string, unknown]) => ({
      kind,
      name,
      line: lines.get(name) ?? begin,
      fields: kind === 'instance' ? mergePatch(defaults ?? {}, fields ?? {}) : fields,
    }))
  }
  return {
    value: [
      ...entriesIn('policy', 'policies', policies ?? {}),
      ...entriesIn('instance', 'instances', instances ?? {}),
      ...entriesIn('webhook', 'webhooks', webhooks ?? []),
    ],
  }
}

const readDocument = (
  document: Document.Parsed,
  unnamed: string,
  lineOf: LineOf,
): readonly (DocumentEntry | DocumentFault)[] => {
  const begin = lineOf(document.contents)
  const [broken] = document.errors
  if (broken) return [{ line: broken.linePos?.[0].line ?? begin, message: broken.message }]
  try {
    const entries = entriesOf(document, unnamed, lineOf)
    if ('value' in entries) return entries.value
    return [{ line: begin, message: fieldLines(entries.failure, 'document') }]
  } catch (fault) {
    // Of values that only show when they are read: an alias that grows too large, say.
    return [{ line: begin, message: fault instanceof Error ? fault.message : String(fault) }]
  }
}

/** Levels of lists and maps within each other: what is read into values climbs them, and a process has only so much stack. */
const maxDepth = 32

/** Tokens within each other for a level: a list or map, its entries, one of them and its value. */
const tokensOfLevel = 3

const membersOf = (token: unknown): readonly unknown[] =>
  typeof token === 'object' && token !== null ? Object.values(token) : []

const countOf = (token: unknown): number =>
  typeof token === 'object' && token !== null && 'items' in token && Array.isArray(token.items)
    ? token.items.length
    : 0

/** What of a text is too much to be read; null: nothing is. Tokens are found without climbing, and in time. */
const excessOf = (text: string, maxEntries: number): Text | null => {
  let level: readonly unknown[] = [{ items: [...new Parser().parse(text)] }]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maxDepth * tokensOfLevel) {
      const en = `lists and maps may be nested in ${maxDepth} levels at most`
      return { en, zh: `列表和映射最多嵌套 ${maxDepth} 层` }
    }
    if (level.some((token) => countOf(token) > maxEntries)) {
      const en = `a list or map may have ${maxEntries} entries at most`
      return { en, zh: `列表或映射最多 ${maxEntries} 项` }
    }
    level = level.flatMap(membersOf)
  }
  return null
}

interface ReadOptions {
  /** What an instance is called that is a document of its own and does not say. */
  readonly unnamed: string
  /** Of a list or map, at most: each key is held against every other one. */
  readonly maxEntries?: number
}

/**
 * Reads what documents in YAML describe; JSON is YAML too. Whether an entry is valid is not looked at.
 */
export const readDocuments = (
  text: string,
  { unnamed, maxEntries = Infinity }: ReadOptions,
): readonly (DocumentEntry | DocumentFault)[] => {
  const excess = excessOf(text, maxEntries)
  if (excess !== null) return [{ line: 1, message: excess }]
  const lineCounter = new LineCounter()
  const lineOf: LineOf = (node) => (isNode(node) && node.range ? lineCounter.linePos(node.range[0]).line : 1)
  const documents = parseAllDocuments(text, { lineCounter, logLevel: 'error' })
  return 'empty' in documents ? [] : documents.flatMap((document) => readDocument(document, unnamed, lineOf))
}
