import * as z from 'zod'
import { JsonValue } from '../routing/json-value.ts'
import { type DocumentEntry, type DocumentFault, fieldLines, readDocuments } from './fleet-documents.ts'

const Definition = z.record(z.string(), JsonValue)

/** Entries of a list or map at most: twice what is imported at a time. */
const maxEntries = 2000

/** Characters of all instances together: defaults may make many large ones of a small text. */
const maxLength = 4_000_000

/** An instance as it would be registered. `id`: '' where the text does not say. `line`: from 1. */
interface ListedInstance {
  readonly id: string
  readonly line: number
  readonly definition: z.infer<typeof Definition>
}

/** What a text describes: instances, and what else stands there. */
export interface InstanceList {
  readonly instances: readonly ListedInstance[]
  readonly faults: readonly DocumentFault[]
}

const instanceOf = ({ kind, name, line, fields }: DocumentEntry): ListedInstance | DocumentFault => {
  if (kind !== 'instance') {
    return { line, message: 'only instances are read here; "precheck apply" takes policies and webhooks too' }
  }
  const definition = Definition.safeParse(fields)
  return definition.success
    ? { id: name, line, definition: definition.data }
    : { line, message: fieldLines(definition.error, name).join('\n') }
}

/** Reads the instances that documents in YAML describe, as `precheck apply` takes them. */
export const instancesIn = (text: string): InstanceList => {
  const instances: ListedInstance[] = []
  const faults: DocumentFault[] = []
  let length = 0
  for (const each of readDocuments(text, { unnamed: '', maxEntries })) {
    const read = 'message' in each ? each : instanceOf(each)
    length += JSON.stringify(read).length
    if (length > maxLength)
      return { instances: [], faults: [{ line: each.line, message: 'the instances are too large together' }] }
    if ('message' in read) faults.push(read)
    else instances.push(read)
  }
  return { instances, faults }
}
