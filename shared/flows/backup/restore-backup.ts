import * as z from 'zod'
import type { CompletedPrecheck, RunningPrecheck } from '../../model/precheck.ts'
import type { Results } from '../../ports/results.ts'
import { type BackupCounts, BackupEnd, BackupHeader, BackupLine } from './backup-line.ts'
import type { BackupStores } from './backup-stores.ts'

/** A backup cannot be restored as it is, or not here. The message says why, and what to do. */
export class RestoreRefused extends Error {
  override readonly name = 'RestoreRefused'
}

const notWhole = 'The backup is not whole: its end is missing. Copy the file again, or take another one.'

const parseLine = <Line>(schema: z.ZodType<Line>, text: string, number: number): Line => {
  try {
    return schema.parse(JSON.parse(text))
  } catch (cause) {
    const where = cause instanceof z.ZodError ? ` (${cause.issues[0]?.path.join('.')})` : ''
    throw new RestoreRefused(`Line ${number} of the backup is not one of this version${where}.`, { cause })
  }
}

/** The documents of a backup, in their order. Throws `RestoreRefused` where it is malformed, at the latest at its end. */
const documentsOf = async function* (lines: AsyncIterable<string>): AsyncGenerator<BackupLine> {
  let number = 0
  let end: z.infer<typeof BackupEnd> | null = null
  for await (const text of lines) {
    number += 1
    if (end) throw new RestoreRefused(`The backup goes on after its end, in line ${number}.`)
    if (number === 1) parseLine(BackupHeader, text, number)
    else if (text.startsWith('{"kind":"end"')) end = parseLine(BackupEnd, text, number)
    else yield parseLine(BackupLine, text, number)
  }
  if (end?.lines !== number - 2) throw new RestoreRefused(notWhole)
}

const counted = (counts: BackupCounts, { kind }: BackupLine): BackupCounts => ({
  ...counts,
  [kind]: (counts[kind] ?? 0) + 1,
})

/** Reads a backup to its end, and tells what is in it. Throws `RestoreRefused`. */
export const checkBackup = async (lines: AsyncIterable<string>): Promise<BackupCounts> => {
  let counts: BackupCounts = {}
  for await (const line of documentsOf(lines)) counts = counted(counts, line)
  return counts
}

/** Whether nothing is stored that a backup holds. */
export const isEmpty = async ({
  tokens,
  webhooks,
  sweeps,
  instances,
}: Pick<BackupStores, 'tokens' | 'webhooks' | 'sweeps' | 'instances'>): Promise<boolean> => {
  const pages = await Promise.all([tokens, webhooks, sweeps, instances].map(({ list }) => list({ limit: 1 })))
  return pages.every(({ items }) => items.length === 0)
}

/** A precheck as it was before it ended. */
const runningOf = (precheck: CompletedPrecheck): RunningPrecheck => {
  const { completedAt: _, outcome: __, comparison: ___, large: ____, ...plan } = precheck
  return { ...plan, state: 'running' }
}

/** Has a precheck begin and end again, so that history and last result follow as they did. */
const writePrecheck = async (
  { create, complete }: Pick<Results, 'create' | 'complete'>,
  precheck: CompletedPrecheck,
): Promise<boolean> => {
  const { kind } = await create(runningOf(precheck), null)
  if (kind === 'created') return complete(precheck, 1)
  throw new RestoreRefused(
    `A precheck of ${precheck.instanceId} is running. Stop the service while it is restored, or wait for its end.`,
  )
}

/** Writes a document unless there is one under its key; tells whether it did. */
const writeLine = async (stores: BackupStores, { kind, key, document }: BackupLine): Promise<boolean> => {
  switch (kind) {
    case 'tokens':
      return stores.tokens.put(key, document, 0)
    case 'policies':
      return stores.policies.put(key, document, 0)
    case 'webhooks':
      return stores.webhooks.put(key, document, 0)
    case 'webhook_deliveries':
      return stores.deliveries.put(key, document, 0)
    case 'sweeps':
      return stores.sweeps.put(key, document, 0)
    case 'sweep_entries':
      return stores.sweepEntries.put(key, document, 0)
    case 'sweep_clock':
      return stores.sweepClock.put(key, document, 0)
    case 'instances':
      return stores.instances.put(key, document, 0)
    case 'instance_memory':
      return stores.memories.put(key, document, 0)
    case 'backup_records':
      return stores.backupRecords.put(key, document, 0)
    case 'precheck_pages': {
      const [precheckId, name] = key
      await stores.results.putPages(precheckId, [{ name, packed: Buffer.from(document, 'base64') }])
      return true
    }
    case 'prechecks':
      return writePrecheck(stores.results, document)
  }
}

/**
 * Writes the documents of a backup, and tells how many of each kind were new. What is there already stays as it is, so
 * that a restore that was cut off is done again. Throws `RestoreRefused`.
 */
export const restoreBackup = async (
  stores: BackupStores,
  lines: AsyncIterable<string>,
): Promise<BackupCounts> => {
  let counts: BackupCounts = {}
  for await (const line of documentsOf(lines)) {
    if (await writeLine(stores, line)) counts = counted(counts, line)
  }
  return counts
}
