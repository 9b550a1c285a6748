import { setImmediate as untilOthersHadTheirTurn } from 'node:timers/promises'
import * as z from 'zod'
import type { Page, PageRequest } from '../../model/page.ts'
import { InstanceHead } from '../../model/standing.ts'
import { type Instances, ScheduledInstance, instanceKind } from '../../ports/instances.ts'
import type { Database } from './database.ts'
import type { Writer } from './group-commit.ts'
import { type Select, select } from './read.ts'
import { sqliteDocuments } from './sqlite-documents.ts'

const ScheduledRow = z
  .object({
    id: z.string(),
    region: z.string(),
    schedule: z.string().transform((text): unknown => JSON.parse(text)),
  })
  .pipe(ScheduledInstance)

const HeadRow = z
  .object({ id: z.string(), head: z.string() })
  .transform(({ id, head }): unknown => {
    const [engine, region, tags, enabled]: unknown[] = z.array(z.unknown()).parse(JSON.parse(head))
    return { id, engine, region, tags, enabled }
  })
  .pipe(InstanceHead)

/** Registered instances in the embedded database. */
export const sqliteInstances = (database: Database, writer: Writer): Instances => {
  // Every minute for the whole fleet: taken out of the documents by the database, which costs 4 µs each, a fifth of
  // reading them.
  const scan = select(
    database.connection,
    `SELECT
      instance_id AS id,
      json_extract(document, '$.definition.region') AS region,
      coalesce(json_extract(document, '$.definition.schedule'), '{}') AS schedule
    FROM instances
    WHERE instance_id > ? AND json_extract(document, '$.definition.enabled')
    ORDER BY instance_id LIMIT ?`,
    ScheduledRow,
  )

  const heads = select(
    database.connection,
    `SELECT instance_id AS id,
      json_extract(document, '$.definition.engine', '$.definition.region', '$.definition.tags', '$.definition.enabled')
        AS head
    FROM instances WHERE instance_id > ? ORDER BY instance_id LIMIT ?`,
    HeadRow,
  )

  /** A page of one of these lists. */
  const pageOf = async <Item extends { readonly id: string }>(
    rows: Select<Item>,
    { limit, after = '' }: PageRequest,
  ): Promise<Page<Item>> => {
    // Who reads page after page would keep requests waiting for the whole fleet.
    await untilOthersHadTheirTurn()
    const found = rows.all(after, limit + 1)
    const items = found.slice(0, limit)
    return { items, next: found.length > limit ? (items.at(-1)?.id ?? null) : null }
  }

  return {
    ...sqliteDocuments(database, writer)(instanceKind),
    listSchedules: (page) => pageOf(scan, page),
    listHeads: (page) => pageOf(heads, page),
  }
}
