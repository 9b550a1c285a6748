import type { PreviousResult } from '../../model/comparison.ts'
import type { Precheck, RunningPrecheck } from '../../model/precheck.ts'
import type { Creation, RepeatableRequest, Results } from '../../ports/results.ts'
import type { Database } from './database.ts'
import type { Writer } from './group-commit.ts'

const textOf = (row: Record<string, unknown>, name: string): string => String(row[name])

/** Documents are written by this file alone, under a version of the tables that is checked at start: they are not parsed a second time. */
const documentOf = (row: Record<string, unknown>): Precheck => JSON.parse(textOf(row, 'document'))

/** `started_at precheck_id` of the last row of a page: where the next one begins. */
const cursorOf = ({ startedAt, id }: Precheck): string => `${startedAt} ${id}`

/** Later than every time, which begins with a digit. */
const latest = '~'

const prepare = ({ connection }: Database) => ({
  insert: connection.prepare(`
    INSERT INTO prechecks (precheck_id, instance_id, started_at, state, revision, idempotency_key, request_hash, document)
    VALUES (?, ?, ?, 'running', 1, ?, ?, ?) ON CONFLICT DO NOTHING`),
  selectRepeated: connection.prepare(
    'SELECT precheck_id, request_hash FROM prechecks WHERE instance_id = ? AND idempotency_key = ?',
  ),
  selectRunning: connection.prepare(
    "SELECT precheck_id FROM prechecks WHERE instance_id = ? AND state = 'running'",
  ),
  select: connection.prepare('SELECT revision, document FROM prechecks WHERE precheck_id = ?'),
  update: connection.prepare(`
    UPDATE prechecks SET state = ?, revision = revision + 1, document = ?
    WHERE precheck_id = ? AND revision = ? AND state = 'running'`),
  putLast: connection.prepare(`
    INSERT INTO last_results (instance_id, started_at, precheck_id, comparable) VALUES (?, ?, ?, ?)
    ON CONFLICT (instance_id) DO UPDATE
    SET started_at = excluded.started_at, precheck_id = excluded.precheck_id, comparable = excluded.comparable
    WHERE excluded.started_at >= last_results.started_at`),
  selectLast: connection.prepare(
    'SELECT document FROM last_results JOIN prechecks USING (precheck_id) WHERE last_results.instance_id = ?',
  ),
  selectComparable: connection.prepare('SELECT comparable FROM last_results WHERE instance_id = ?'),
  selectHistory: connection.prepare(`
    SELECT document FROM prechecks WHERE instance_id = ? AND (started_at, precheck_id) < (?, ?)
    ORDER BY started_at DESC, precheck_id DESC LIMIT ?`),
})

/** Prechecks, last results and history in the embedded database. */
export const sqliteResults = (database: Database, { write }: Writer): Results => {
  const statements = prepare(database)

  const findRepeated = (instanceId: string, request: RepeatableRequest | null): Creation | null => {
    const row = request && statements.selectRepeated.get(instanceId, request.key)
    if (!row) return null
    const kind = textOf(row, 'request_hash') === request.requestHash ? 'repeated' : 'key-reused'
    return { kind, precheckId: textOf(row, 'precheck_id') }
  }

  const findRunning = (instanceId: string): Creation => {
    const row = statements.selectRunning.get(instanceId)
    if (!row) throw new Error(`The new precheck of ${instanceId} was refused, and none is running`)
    return { kind: 'running', precheckId: textOf(row, 'precheck_id') }
  }

  const insertNew = (
    precheck: RunningPrecheck,
    request: RepeatableRequest | null,
    document: string,
  ): boolean => {
    const { id, instanceId, startedAt } = precheck
    const { changes } = statements.insert.run(
      id,
      instanceId,
      startedAt,
      request?.key ?? null,
      request?.requestHash ?? null,
      document,
    )
    return changes === 1
  }

  return {
    create: (precheck, request) => {
      const document = JSON.stringify(precheck)
      return write((): Creation => {
        if (insertNew(precheck, request, document)) return { kind: 'created' }
        return findRepeated(precheck.instanceId, request) ?? findRunning(precheck.instanceId)
      })
    },

    get: async (precheckId) => {
      const row = statements.select.get(precheckId)
      return row ? { precheck: documentOf(row), revision: Number(row['revision']) } : null
    },

    advance: (precheck, revision) => {
      const document = JSON.stringify(precheck)
      return write(() => statements.update.run('running', document, precheck.id, revision).changes === 1)
    },

    complete: (precheck, revision) => {
      const { id, instanceId, startedAt, outcome, comparison, scope } = precheck
      const document = JSON.stringify(precheck)
      const comparable = JSON.stringify({ id, outcome, comparison } satisfies PreviousResult)
      return write(() => {
        if (statements.update.run('completed', document, id, revision).changes === 0) return false
        if (scope === 'full') statements.putLast.run(instanceId, startedAt, id, comparable)
        return true
      })
    },

    previous: async (instanceId) => {
      const row = statements.selectComparable.get(instanceId)
      return row ? JSON.parse(textOf(row, 'comparable')) : null
    },

    last: async (instanceId) => {
      const row = statements.selectLast.get(instanceId)
      const last = row && documentOf(row)
      return last?.state === 'completed' ? last : null
    },

    history: async (instanceId, { limit, after = latest }) => {
      const [startedAt = latest, precheckId = ''] = after.split(' ')
      const found = statements.selectHistory
        .all(instanceId, startedAt, precheckId, limit + 1)
        .map((row) => documentOf(row))
      const items = found.slice(0, limit)
      const last = items.at(-1)
      return { items, next: found.length > limit && last ? cursorOf(last) : null }
    },
  }
}
