import { basename, extname } from 'node:path'
import * as z from 'zod'
import {
  type DocumentEntry,
  fieldLines,
  readDocuments,
} from '../../../functions/api/documents/fleet-documents.ts'
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
    const message = `cannot be read (${entries.code}): the columns of a table are id and paths such as connection.host`
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
    if (earlier)
      refused.push({ subject, place: each.place, message: `is described at ${earlier.place} already` })
    else described.set(subject, each)
  }
  return { described: [...described.values()], refused }
}
