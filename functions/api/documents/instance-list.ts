import * as z from 'zod'
import { parsedFields } from '../routing/field-errors.ts'
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
    const message = {
      en: 'only instances are read here; "precheck apply" takes policies and webhooks too',
      zh: '此处只读取实例；precheck apply 也接受策略和 Webhook',
    }
    return { line, message }
  }
  const definition = parsedFields(Definition, fields, ['body'])
  return 'value' in definition
    ? { id: name, line, definition: definition.value }
    : { line, message: fieldLines(definition.failure, name) }
}

/** Reads the instances that documents in YAML describe, as `precheck apply` takes them. */
export const instancesIn = (text: string): InstanceList => {
  const instances: ListedInstance[] = []
  const faults: DocumentFault[] = []
  let length = 0
  for (const each of readDocuments(text, { unnamed: '', maxEntries })) {
    const read = 'message' in each ? each : instanceOf(each)
    length += JSON.stringify(read).length
    if (length > maxLength) {
      const message = { en: 'the instances are too large together', zh: '这些实例合计过大' }
      return { instances: [], faults: [{ line: each.line, message }] }
    }
    if ('message' in read) faults.push(read)
    else instances.push(read)
  }
  return { instances, faults }
}
