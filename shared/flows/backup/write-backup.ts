import type * as z from 'zod'
import type { Page } from '../../model/page.ts'
import type { Documents, Stored } from '../../ports/documents.ts'
import type { Results } from '../../ports/results.ts'
import { nights } from '../../ports/sweeps.ts'
import type { WebhookDelivery } from '../../webhooks/model/delivery.ts'
import { type BackupEnd, type BackupHeader, BackupLine } from './backup-line.ts'
import type { BackupStores } from './backup-stores.ts'

/** Documents that are read at a time. */
const pageSize = 50

type Lines = AsyncGenerator<BackupLine>

const every = async function* <Item>(
  read: (page: { readonly limit: number; readonly after?: string }) => Promise<Page<Item>>,
): AsyncGenerator<Item> {
  let after: string | null = null
  do {
    const page: Page<Item> = await read({ limit: pageSize, ...(after !== null && { after }) })
    yield* page.items
    after = page.next
  } while (after !== null)
}

const documentsIn = async function* <Document>(
  { list }: { readonly list: Documents<Document>['list'] },
  group?: string,
): AsyncGenerator<Document> {
  const read = (page: { limit: number; after?: string }): Promise<Page<Stored<Document>>> =>
    list({ ...page, ...(group !== undefined && { group }) })
  for await (const { document } of every(read)) yield document
}

/**
 * A delivery as it will be when its message is lost, since those in the queues are not in a backup: a dead letter,
 * which can be redelivered.
 */
const withoutMessage = (delivery: WebhookDelivery, at: string): WebhookDelivery =>
  delivery.state === 'pending' ? { ...delivery, state: 'dead', nextAttemptAt: null, endedAt: at } : delivery

const webhookLines = async function* ({ webhooks, deliveries }: BackupStores, at: string): Lines {
  for await (const webhook of documentsIn(webhooks)) {
    yield { kind: 'webhooks', key: webhook.id, document: webhook }
    for await (const delivery of documentsIn(deliveries, webhook.id)) {
      const document = withoutMessage(delivery, at)
      yield { kind: 'webhook_deliveries', key: [document.webhookId, document.eventId], document }
    }
  }
}

const sweepLines = async function* ({ sweeps, sweepEntries, sweepClock }: BackupStores): Lines {
  for await (const sweep of documentsIn(sweeps)) {
    yield { kind: 'sweeps', key: sweep.id, document: sweep }
    for await (const entry of documentsIn(sweepEntries, sweep.id))
      yield { kind: 'sweep_entries', key: [entry.sweepId, entry.instanceId], document: entry }
  }
  const clock = await sweepClock.get(nights)
  if (!clock) return
  // The due starts are not in a backup: the first round after a restore finds them again.
  const { indexedFor: _, ...document } = clock.document
  yield { kind: 'sweep_clock', key: nights, document }
}

/** The completed prechecks of an instance, oldest first, as they have to be written again. */
const precheckLines = async function* (results: Results, instanceId: string): Lines {
  const ids: string[] = []
  const history = every((page) => results.history(instanceId, page))
  for await (const { id, state } of history) if (state === 'completed') ids.push(id)
  for (const id of ids.toReversed()) {
    const precheck = (await results.get(id))?.precheck
    if (precheck?.state !== 'completed') continue
    for (const name of await results.pageNames(id)) {
      const page = await results.getPage(id, name)
      const key: [string, string] = [id, name]
      if (page) yield { kind: 'precheck_pages', key, document: Buffer.from(page).toString('base64') }
    }
    yield { kind: 'prechecks', key: id, document: precheck }
  }
}

/** What names another document comes before it, so that it is there although the service goes on meanwhile. */
const documentLines = async function* (stores: BackupStores, at: string): Lines {
  for await (const token of documentsIn(stores.tokens))
    yield { kind: 'tokens', key: token.id, document: token }
  for await (const policy of documentsIn(stores.policies))
    yield { kind: 'policies', key: policy.name, document: policy }
  yield* webhookLines(stores, at)
  yield* sweepLines(stores)
  for await (const instance of documentsIn(stores.instances)) {
    yield { kind: 'instances', key: instance.id, document: instance }
    const memory = await stores.memories.get(instance.id)
    if (memory) yield { kind: 'instance_memory', key: instance.id, document: memory.document }
    const record = await stores.backupRecords.get(instance.id)
    if (record) yield { kind: 'backup_records', key: instance.id, document: record.document }
    yield* precheckLines(stores.results, instance.id)
  }
}

/**
 * The lines of a backup, JSON without line feeds: a header, every document, the end. One page of documents is held at a
 * time. While the service runs, each document is what it was at some moment of the backup; exact is that of a service
 * that is stopped. Left out are prechecks that run, messages in queues, Idempotency-Keys, and the history of instances
 * that were removed.
 */
export const backupLines = async function* (
  stores: BackupStores,
  { version, at }: { readonly version: string; readonly at: string },
): AsyncGenerator<string> {
  const header: z.infer<typeof BackupHeader> = { kind: 'backup', format: 1, version, at }
  yield JSON.stringify(header)
  let lines = 0
  for await (const each of documentLines(stores, at)) {
    lines += 1
    yield JSON.stringify(BackupLine.parse(each))
  }
  const end: z.infer<typeof BackupEnd> = { kind: 'end', lines }
  yield JSON.stringify(end)
}
