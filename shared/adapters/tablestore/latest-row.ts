import type { ColumnValue } from 'tablestore'
import { PreviousResult, previousOf } from '../../model/comparison.ts'
import { CompletedPrecheck, type Precheck } from '../../model/precheck.ts'
import type { Page, PageRequest } from '../../model/page.ts'
import { type InstanceStanding, Standing, standingOf } from '../../model/standing.ts'
import { readStored } from '../../ports/documents.ts'
import type { RepeatableRequest } from '../../ports/results.ts'
import { equals, isAtMost, isMissing, where } from './conditions.ts'
import { inTurns, rangeOf } from './range.ts'
import type { Columns, RowWrite } from './rows.ts'
import { textOf, toColumn } from './stored-document.ts'
import { tables } from './tables.ts'
import { type RangePage, type TablestoreClient, type WriteOutcome, rangeLimit } from './tablestore-client.ts'

/** What there is of an instance while one of its prechecks runs. */
export interface Claim {
  readonly precheckId: string
  readonly request: RepeatableRequest | null
}

/** Columns that a running precheck has in the row of its instance. */
const claimColumns = ['running_id', 'running_request_key', 'running_request_hash'] as const

const update = (
  instanceId: string,
  change: Pick<Extract<RowWrite, { kind: 'update' }>, 'put' | 'remove' | 'condition'>,
): RowWrite => ({ kind: 'update', table: tables.latest, key: { instance_id: instanceId }, ...change })

const readColumns = async (
  client: TablestoreClient,
  instanceId: string,
  columns: readonly string[],
): Promise<Columns> => (await client.getRow(tables.latest, { instance_id: instanceId }, columns)) ?? {}

/** Makes a precheck the running one of its instance if there is none. */
export const claim = (
  client: TablestoreClient,
  { id, instanceId }: Precheck,
  request: RepeatableRequest | null,
): Promise<WriteOutcome> =>
  client.writeRow(
    update(instanceId, {
      put: {
        running_id: id,
        ...(request && { running_request_key: request.key, running_request_hash: request.requestHash }),
      },
      remove: [],
      condition: where(isMissing('running_id')),
    }),
  )

/** Frees an instance if this is its running precheck. */
export const release = async (
  client: TablestoreClient,
  instanceId: string,
  precheckId: string,
): Promise<void> => {
  const condition = where(equals('running_id', precheckId))
  await client.writeRow(update(instanceId, { put: {}, remove: claimColumns, condition }))
}

const claimOf = (columns: Columns): Claim | null => {
  const { running_id: id, running_request_key: key, running_request_hash: requestHash } = columns
  if (id === undefined) return null
  const request = key === undefined ? null : { key: String(key), requestHash: String(requestHash) }
  return { precheckId: String(id), request }
}

export const readClaim = async (client: TablestoreClient, instanceId: string): Promise<Claim | null> =>
  claimOf(await readColumns(client, instanceId, claimColumns))

/** The last result of an instance, and the precheck that runs according to its row; in one read. */
export const readLast = async (client: TablestoreClient, instanceId: string) => {
  const { running_id: runningId, last_document: document } = await readColumns(client, instanceId, [
    'running_id',
    'last_document',
  ])
  const last = document === undefined ? null : await textOf(document)
  return {
    last: last === null ? null : readStored(CompletedPrecheck, last, `The last result of ${instanceId}`),
    runningId: runningId === undefined ? null : String(runningId),
  }
}

/** What the next result is compared with: a column of its own, so that the whole document need not be read for it. */
export const readPrevious = async (
  client: TablestoreClient,
  instanceId: string,
): Promise<PreviousResult | null> => {
  const { last_comparable: comparable } = await readColumns(client, instanceId, ['last_comparable'])
  if (comparable === undefined) return null
  return readStored(PreviousResult, await textOf(comparable), `What ${instanceId} is compared with`)
}

/** Makes a precheck the last result of its instance and frees the instance, both at once, unless a younger one is the last result. */
const succeed = async (
  client: TablestoreClient,
  precheck: CompletedPrecheck,
  document: ColumnValue,
): Promise<WriteOutcome> => {
  const { id, instanceId, startedAt } = precheck
  const since = new Date(startedAt).toISOString()
  const comparable = await toColumn(previousOf(precheck))
  const standing = JSON.stringify(standingOf(precheck))
  return client.writeRow(
    update(instanceId, {
      put: {
        last_id: id,
        last_started_at: since,
        last_document: document,
        last_comparable: comparable,
        last_standing: standing,
      },
      remove: claimColumns,
      condition: where(equals('running_id', id), isAtMost('last_started_at', since)),
    }),
  )
}

/**
 * Lets an instance know that its running precheck has ended. May be done again at any time, by anyone: only the running
 * precheck of the instance has an effect, and only once.
 */
export const settle = async (
  client: TablestoreClient,
  precheck: CompletedPrecheck,
  document: ColumnValue,
): Promise<void> => {
  if (precheck.scope === 'full' && (await succeed(client, precheck, document)) === 'written') return
  await release(client, precheck.instanceId, precheck.id)
}

const allInstances = {
  table: tables.latest,
  direction: 'FORWARD',
  within: {},
  by: 'instance_id',
  columns: ['instance_id', 'running_id', 'last_id', 'last_standing'],
} as const

/** Of a row that an earlier release wrote, the last result is read. */
const standingIn = async (
  client: TablestoreClient,
  instanceId: string,
  { last_id: lastId, last_standing: standing }: Columns,
): Promise<Standing | null> => {
  if (standing !== undefined) return readStored(Standing, String(standing), `The standing of ${instanceId}`)
  const { last } = lastId === undefined ? { last: null } : await readLast(client, instanceId)
  return last && standingOf(last)
}

/** How the instances stand: columns so small that a request reads thousands of them. */
export const readStandings = async (
  client: TablestoreClient,
  { limit, ...between }: PageRequest,
): Promise<Page<InstanceStanding>> => {
  const range = { ...rangeOf(allInstances, between), limit: Math.min(limit, rangeLimit) }
  const { rows, next } = await client.getRange(range)
  const read = async ({ key, columns }: RangePage['rows'][number]): Promise<InstanceStanding> => {
    const instanceId = String(key['instance_id'])
    const { running_id: runningId } = columns
    return {
      instanceId,
      runningId: runningId === undefined ? null : String(runningId),
      last: await standingIn(client, instanceId, columns),
    }
  }
  const items = await inTurns(rows, read)
  return { items, next: next && (items.at(-1)?.instanceId ?? null) }
}
