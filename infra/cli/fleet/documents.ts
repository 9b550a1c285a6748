import { basename, extname } from 'node:path'
import { type Document, LineCounter, isMap, isNode, isScalar, isSeq, parseAllDocuments } from 'yaml'
import * as z from 'zod'
import { fieldsInvalid } from '../../../functions/api/routing/field-errors.ts'
import { mergePatch } from '../../../functions/api/routing/merge-patch.ts'
import { InstanceId } from '../../../shared/model/instance.ts'
import { PolicyName } from '../../../shared/model/policy.ts'
import { WebhookDefinition } from '../../../shared/webhooks/model/webhook.ts'
import { reasonOf } from '../service/command-failed.ts'
import { type Described, type Kind, type Refused, definitions, webhookName } from './kinds.ts'

/** A file with documents in YAML; JSON is YAML too. */
export interface FleetFile {
  readonly path: string
  readonly text: string
}

/** What documents say, as far as it can be understood, and what of them cannot. */
export interface ReadFleet {
  readonly described: readonly Described[]
  readonly refused: readonly Refused[]
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

/** Any name: that of a webhook is its address, which its definition is checked for. */
const names: Readonly<Record<Kind, z.ZodString>> = {
  policy: PolicyName,
  instance: InstanceId,
  webhook: z.string(),
}

/** An entry as it stands in a document. */
interface Entry {
  readonly kind: Kind
  readonly name: string
  readonly place: string
  readonly fields: unknown
}

const fieldLines = (error: z.ZodError | undefined, whole: string): string[] =>
  error === undefined
    ? []
    : (fieldsInvalid(error, ['body']).errors ?? []).map(
        ({ field, message }) => `${field || whole}: ${message}`,
      )

const judged = ({ kind, name, place, fields }: Entry): Described | Refused => {
  const parsed = definitions[kind].safeParse(fields)
  const lines = [
    ...fieldLines(names[kind].safeParse(name).error, 'name'),
    ...fieldLines(parsed.error, 'definition'),
  ]
  if (!parsed.success || lines.length > 0)
    return { subject: `${kind} ${name}`, place, message: lines.join('\n') }
  const webhook = kind === 'webhook' ? WebhookDefinition.parse(parsed.data) : null
  return { kind, name: webhook ? webhookName(webhook) : name, place, definition: parsed.data }
}

/** Tells where something stands. */
type PlaceOf = (node: unknown) => string

/** Where each entry of a map or list stands. */
const placesIn = (section: unknown, placeOf: PlaceOf): ReadonlyMap<string, string> => {
  if (isMap(section))
    return new Map(section.items.map(({ key }) => [String(isScalar(key) ? key.value : key), placeOf(key)]))
  return new Map(isSeq(section) ? section.items.map((item, index) => [String(index), placeOf(item)]) : [])
}

const entriesOf = (document: Document.Parsed, path: string, placeOf: PlaceOf): Entry[] => {
  const value: unknown = document.toJS()
  if (value === null) return []
  const one = OneInstance.safeParse(value)
  if (one.success) {
    const { id = basename(path, extname(path)), ...fields } = one.data
    return [{ kind: 'instance', name: id, place: placeOf(document.contents), fields }]
  }
  const { defaults, policies, instances, webhooks } = FleetDocument.parse(value)
  const entriesIn = (kind: Kind, section: string, entries: object): Entry[] => {
    const places = placesIn(document.get(section), placeOf)
    return Object.entries(entries).map(([name, fields]: [string, unknown]) => {
      const place = places.get(name) ?? path
      return {
        kind,
        name,
        place,
        fields: kind === 'instance' ? mergePatch(defaults ?? {}, fields ?? {}) : fields,
      }
    })
  }
  return [
    ...entriesIn('policy', 'policies', policies ?? {}),
    ...entriesIn('instance', 'instances', instances ?? {}),
    ...entriesIn('webhook', 'webhooks', webhooks ?? []),
  ]
}

/** Why a whole document cannot be understood. */
const documentFault = (fault: unknown): string =>
  fault instanceof z.ZodError ? fieldLines(fault, 'document').join('\n') : reasonOf(fault)

const readDocument = (
  document: Document.Parsed,
  path: string,
  placeOf: PlaceOf,
): readonly (Described | Refused)[] => {
  const [broken] = document.errors
  try {
    if (broken) throw broken
    return entriesOf(document, path, placeOf).map(judged)
  } catch (fault) {
    return [{ subject: 'document', place: placeOf(document.contents), message: documentFault(fault) }]
  }
}

const readFile = ({ path, text }: FleetFile): readonly (Described | Refused)[] => {
  const lineCounter = new LineCounter()
  const documents = parseAllDocuments(text, { lineCounter, logLevel: 'error' })
  const placeOf: PlaceOf = (node) =>
    isNode(node) && node.range ? `${path}:${lineCounter.linePos(node.range[0]).line}` : path
  return 'empty' in documents ? [] : documents.flatMap((document) => readDocument(document, path, placeOf))
}

/** Reads documents. Of what is described twice, the second is refused. */
export const readFleet = (files: readonly FleetFile[]): ReadFleet => {
  const described = new Map<string, Described>()
  const refused: Refused[] = []
  for (const each of files.flatMap(readFile)) {
    if ('subject' in each) {
      refused.push(each)
      continue
    }
    const subject = `${each.kind} ${each.name}`
    const earlier = described.get(subject)
    if (earlier)
      refused.push({ subject, place: each.place, message: `is described at ${earlier.place} already` })
    else described.set(subject, each)
  }
  return { described: [...described.values()], refused }
}
