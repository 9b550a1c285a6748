import * as z from 'zod'
import { PreviousResult, previousOf } from '../../model/comparison.ts'
import { CompletedPrecheck, type Precheck, RunningPrecheck } from '../../model/precheck.ts'
import { standingOf } from '../../model/standing.ts'
import { readStored } from '../../ports/documents.ts'
import type { Creation, RepeatableRequest, Results, StoredPrecheck } from '../../ports/results.ts'
import type { Database } from './database.ts'
import type { Writer } from './group-commit.ts'
import { select } from './read.ts'
import { sqlitePages } from './sqlite-pages.ts'
import { sqliteStandings } from './sqlite-standings.ts'

/** Those that run are read from the file when it is opened, and where a start is refused. */
const readRunning = (document: string): RunningPrecheck =>
  readStored(RunningPrecheck, document, 'A running precheck')

const CompletedHead = z.looseObject({ state: z.literal('completed'), id: z.string(), instanceId: z.string() })

/**
 * Of a completed precheck that this process has written only the head passes a schema: the whole of it takes 11 to
 * 23 µs for four items without findings, 5 to 9 % of all that a precheck costs (0.25 ms), and everybody who waits for
 * one reads it. What was there before passes the whole schema, which also brings what older versions wrote to its form.
 */
const OwnDocument = z.custom<CompletedPrecheck>((document) => CompletedHead.safeParse(document).success)

/** So many of the prechecks that ended last are known as written by this process: more than anybody waits for at once. */
const maxOwnDocuments = 4096

const RunningRow = z.object({ document: z.string() })
const AllRunningRow = RunningRow.extend({ revision: z.int() })
const RequestRow = z.object({ precheck_id: z.string(), request_hash: z.string() })
const CompletedRow = z.object({ previous_id: z.string(), revision: z.int(), document: z.string() })
const LatestRow = z.object({ value: z.string() })

const prepare = ({ connection }: Database) => ({
  allRunning: select(connection, 'SELECT revision, document FROM running_prechecks', AllRunningRow),
  insertRunning: connection.prepare(`
    INSERT INTO running_prechecks (instance_id, precheck_id, revision, document)
    SELECT ?1, ?2, 1, ?3 WHERE NOT EXISTS (SELECT 1 FROM prechecks WHERE precheck_id = ?2)
    ON CONFLICT DO NOTHING`),
  running: select(connection, 'SELECT document FROM running_prechecks WHERE instance_id = ?', RunningRow),
  updateRunning: connection.prepare(`
    UPDATE running_prechecks SET revision = revision + 1, document = ?
    WHERE instance_id = ? AND precheck_id = ? AND revision = ?`),
  removeRunning: connection.prepare(
    'DELETE FROM running_prechecks WHERE instance_id = ? AND precheck_id = ? AND revision = ?',
  ),
  insertRequest: connection.prepare(
    'INSERT INTO requests (instance_id, idempotency_key, request_hash, precheck_id) VALUES (?, ?, ?, ?)',
  ),
  request: select(
    connection,
    'SELECT precheck_id, request_hash FROM requests WHERE instance_id = ? AND idempotency_key = ?',
    RequestRow,
  ),
  insertCompleted: connection.prepare(`
    INSERT INTO prechecks (precheck_id, previous_id, revision, document)
    VALUES (?, coalesce((SELECT newest_id FROM latest WHERE instance_id = ?), ''), ?, ?)`),
  completed: select(
    connection,
    'SELECT previous_id, revision, document FROM prechecks WHERE precheck_id = ?',
    CompletedRow,
  ),
  putLatest: connection.prepare(`
    INSERT INTO latest (instance_id, newest_id, last_id, last_started_at, comparable, standing)
    VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (instance_id) DO UPDATE SET
      newest_id = excluded.newest_id,
      last_id = iif(excluded.last_started_at >= last_started_at, excluded.last_id, last_id),
      comparable = iif(excluded.last_started_at >= last_started_at, excluded.comparable, comparable),
      standing = iif(excluded.last_started_at >= last_started_at, excluded.standing, standing),
      last_started_at = max(excluded.last_started_at, last_started_at)`),
  latest: {
    newestId: select(connection, 'SELECT newest_id AS value FROM latest WHERE instance_id = ?', LatestRow),
    lastId: select(connection, 'SELECT last_id AS value FROM latest WHERE instance_id = ?', LatestRow),
    comparable: select(connection, 'SELECT comparable AS value FROM latest WHERE instance_id = ?', LatestRow),
  },
})

/** The running prechecks as they are on disk, by id: this process alone writes the file. */
const allRunning = (statements: ReturnType<typeof prepare>): Map<string, StoredPrecheck<RunningPrecheck>> =>
  new Map(
    statements.allRunning.all().map(({ revision, document }) => {
      const precheck = readRunning(document)
      return [precheck.id, { precheck, revision }]
    }),
  )

/** Knows the last so many ids that were added. */
const lastIds = (max: number) => {
  const ids = new Set<string>()
  return {
    has: (id: string): boolean => ids.has(id),
    add: (id: string): void => {
      ids.add(id)
      const [oldest] = ids
      if (ids.size > max && oldest !== undefined) ids.delete(oldest)
    },
  }
}

/** Results whose creations can share a transaction with other writes. */
export interface SqliteResults extends Results {
  /** The work of `create`, for a transaction of the writer. */
  readonly creating: (precheck: RunningPrecheck, request: RepeatableRequest | null) => () => Creation
}

/** Prechecks, last results and history in the embedded database. */
export const sqliteResults = (database: Database, writer: Writer): SqliteResults => {
  const { write, writeAhead, atEnd } = writer
  const statements = prepare(database)
  const running = allRunning(statements)

  const own = lastIds(maxOwnDocuments)

  const findRepeated = (instanceId: string, request: RepeatableRequest | null): Creation | null => {
    const row = request && statements.request.first(instanceId, request.key)
    if (!row) return null
    const kind = row.request_hash === request.requestHash ? 'repeated' : 'key-reused'
    return { kind, precheckId: row.precheck_id }
  }

  const findRunning = (instanceId: string): RunningPrecheck | null => {
    const row = statements.running.first(instanceId)
    return row ? readRunning(row.document) : null
  }

  /** Writes a new precheck; `stands`: it was created before, and runs or has ended. */
  const createNew = (
    { id, instanceId }: RunningPrecheck,
    request: RepeatableRequest | null,
    document: string,
  ): Creation | 'stands' => {
    if (statements.insertRunning.run(instanceId, id, document).changes === 0) {
      const other = findRunning(instanceId)
      if (other?.id === id || statements.completed.first(id)) return 'stands'
      if (!other) throw new Error(`The new precheck of ${instanceId} was refused, and none is running`)
      return { kind: 'running', precheckId: other.id }
    }
    if (request) statements.insertRequest.run(instanceId, request.key, request.requestHash, id)
    return { kind: 'created' }
  }

  /** Puts a precheck before the history of its instance, and in the place of its last result unless a younger one is there. */
  const putCompleted = (precheck: CompletedPrecheck, revision: number, document: string): void => {
    const { id, instanceId, startedAt } = precheck
    statements.insertCompleted.run(id, instanceId, revision + 1, document)
    const last =
      precheck.scope === 'full'
        ? [id, startedAt, JSON.stringify(previousOf(precheck)), JSON.stringify(standingOf(precheck))]
        : ['', '', '', '']
    statements.putLatest.run(instanceId, id, ...last)
  }

  const findCompleted = (precheckId: string) => {
    const row = statements.completed.first(precheckId)
    if (!row) return null
    const schema: z.ZodType<CompletedPrecheck> = own.has(precheckId) ? OwnDocument : CompletedPrecheck
    return {
      precheck: readStored(schema, row.document, `The precheck ${precheckId}`),
      revision: row.revision,
      previousId: row.previous_id,
    }
  }

  /** Completed prechecks of an instance from `firstId` back in time, and the id of the one before them. */
  const historyFrom = (instanceId: string, firstId: string, limit: number) => {
    const items: Precheck[] = []
    let nextId = firstId
    while (items.length < limit) {
      const found = findCompleted(nextId)
      // Callers name the first one: it may be of another instance.
      if (found?.precheck.instanceId !== instanceId) return { items, next: null }
      items.push(found.precheck)
      nextId = found.previousId
    }
    return { items, next: nextId === '' ? null : nextId }
  }

  /** A column of the latest row of an instance; '' before its first precheck ended. */
  const latestOf = (instanceId: string, column: keyof typeof statements.latest): string =>
    statements.latest[column].first(instanceId)?.value ?? ''

  const creating: SqliteResults['creating'] = (precheck, request) => {
    const document = JSON.stringify(precheck)
    return () => {
      const creation = findRepeated(precheck.instanceId, request) ?? createNew(precheck, request, document)
      if (creation === 'stands') return { kind: 'created' }
      const run = () => running.set(precheck.id, { precheck, revision: 1 })
      if (creation.kind === 'created') atEnd({ committed: run })
      return creation
    }
  }

  return {
    creating,
    ...sqlitePages(database, writer),

    create: (precheck, request) => write(creating(precheck, request)),

    get: async (precheckId) => {
      const found = running.get(precheckId) ?? findCompleted(precheckId)
      return found && { precheck: found.precheck, revision: found.revision }
    },

    advance: async (precheck, revision) => {
      const { id, instanceId } = precheck
      const document = JSON.stringify(precheck)
      const isWritten = await writeAhead(
        () => statements.updateRunning.run(document, instanceId, id, revision).changes === 1,
      )
      if (isWritten) running.set(id, { precheck, revision: revision + 1 })
      return isWritten
    },

    complete: async (precheck, revision) => {
      const { id, instanceId } = precheck
      const document = JSON.stringify(precheck)
      const isWritten = await write(() => {
        if (statements.removeRunning.run(instanceId, id, revision).changes === 0) return false
        putCompleted(precheck, revision, document)
        return true
      })
      if (!isWritten) return false
      running.delete(id)
      own.add(id)
      return true
    },

    previous: async (instanceId) => {
      const comparable = latestOf(instanceId, 'comparable')
      if (comparable === '') return null
      return readStored(PreviousResult, comparable, `What ${instanceId} is compared with`)
    },

    last: async (instanceId) => findCompleted(latestOf(instanceId, 'lastId'))?.precheck ?? null,

    standings: sqliteStandings(database, running, findCompleted),

    history: async (instanceId, { limit, after }) => {
      if (after !== undefined) return historyFrom(instanceId, after, limit)
      const current = findRunning(instanceId)
      const newestId = latestOf(instanceId, 'newestId')
      const { items, next } = historyFrom(instanceId, newestId, limit - (current ? 1 : 0))
      return { items: current ? [current, ...items] : items, next }
    },
  }
}
