import { basename, extname } from 'node:path'
import * as z from 'zod'
import {
  type DocumentEntry,
  fieldLines,
  readDocuments,
} from '../../../functions/api/documents/fleet-documents.ts'
import { parsedFields } from '../../../functions/api/routing/field-errors.ts'
import { InstanceId } from '../../../shared/model/instance.ts'
import { PolicyName } from '../../../shared/model/policy.ts'
import { WebhookDefinition } from '../../../shared/webhooks/model/webhook.ts'
import { readTable } from '../../forms/read-table.ts'
import { type Described, type Kind, type Refused, definitions, webhookName } from './kinds.ts'

/** A file with documents in YAML, which JSON is too, or with a table of instances (.csv). */
export interface FleetFile {
  readonly path: string
  readonly text: string
}

/** What documents say, as far as it can be understood, and what of them cannot. */
export interface ReadFleet {
  readonly described: readonly Described[]
  readonly refused: readonly Refused[]
}

/** Any name: that of a webhook is its address, which its definition is checked for. */
const names: Readonly<Record<Kind, z.ZodString>> = {
  policy: PolicyName,
  instance: InstanceId,
  webhook: z.string(),
}

/** An entry as it stands in a file. */
interface Entry extends Omit<DocumentEntry, 'line'> {
  readonly place: string
}

const judged = ({ kind, name, place, fields }: Entry): Described | Refused => {
  const named = parsedFields(names[kind], name, ['body'])
  const parsed = parsedFields(definitions[kind], fields, ['body'])
  const subject = `${kind} ${name}`
  if ('failure' in named) return { subject, place, message: fieldLines(named.failure, 'name') }
  if ('failure' in parsed) return { subject, place, message: fieldLines(parsed.failure, 'definition') }
  const webhook = kind === 'webhook' ? WebhookDefinition.parse(parsed.value) : null
  return { kind, name: webhook ? webhookName(webhook) : name, place, definition: parsed.value }
}

const readFile = ({ path, text }: FleetFile): readonly (Described | Refused)[] =>
  readDocuments(text, { unnamed: basename(path, extname(path)) }).map((each) => {
    const place = `${path}:${each.line}`
    return 'message' in each
      ? { subject: 'document', place, message: each.message }
      : judged({ ...each, place })
  })

/** A table of instances, as the console imports it: its columns are `id` and the paths of a registration. */
const readTableFile = ({ path, text }: FleetFile): readonly (Described | Refused)[] => {
  const entries = readTable(text)
  if ('code' in entries) {
    const message = {
      en: `cannot be read (${entries.code}): the columns of a table are id and paths such as connection.host`,
      zh: `无法读取（${entries.code}）：表格的列为 id 和 connection.host 之类的路径`,
    }
    return [{ subject: 'table', place: entries.at > 0 ? `${path}:${entries.at}` : path, message }]
  }
  return entries.map(({ at, id, definition }) =>
    judged({ kind: 'instance', name: id, place: `${path}:${at}`, fields: definition }),
  )
}

const readOne = (file: FleetFile): readonly (Described | Refused)[] =>
  extname(file.path).toLowerCase() === '.csv' ? readTableFile(file) : readFile(file)

/** Reads documents. Of what is described twice, the second is refused. */
export const readFleet = (files: readonly FleetFile[]): ReadFleet => {
  const described = new Map<string, Described>()
  const refused: Refused[] = []
  for (const each of files.flatMap(readOne)) {
    if ('subject' in each) {
      refused.push(each)
      continue
    }
    const subject = `${each.kind} ${each.name}`
    const earlier = described.get(subject)
    if (earlier) {
      const message = {
        en: `is described at ${earlier.place} already`,
        zh: `已在 ${earlier.place} 处描述`,
      }
      refused.push({ subject, place: each.place, message })
    } else described.set(subject, each)
  }
  return { described: [...described.values()], refused }
}
