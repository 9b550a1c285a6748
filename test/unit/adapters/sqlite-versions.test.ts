import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { openDatabase } from '../../../shared/adapters/sqlite/database.ts'
import { groupCommit } from '../../../shared/adapters/sqlite/group-commit.ts'
import { sqliteQueue } from '../../../shared/adapters/sqlite/sqlite-queue.ts'
import type { Instance } from '../../../shared/model/instance.ts'
import { type RunningPrecheck, completePrecheck } from '../../../shared/model/precheck.ts'
import { standingOf } from '../../../shared/model/standing.ts'
import type { SweepEntry } from '../../../shared/model/sweep.ts'
import type { Token } from '../../../shared/model/token.ts'
import { embeddedStores, pageOf } from '../../support/stores.ts'
import { definitionOf } from '../../support/context.ts'

const folder = mkdtempSync(join(tmpdir(), 'precheck-versions-'))
afterAll(() => rmSync(folder, { recursive: true }))

const at = '2026-11-21T02:00:00.000Z'

const instance: Instance = {
  id: 'sql-1',
  definition: definitionOf('sqlserver'),
  status: 'online',
  revision: 4,
  registeredAt: at,
  updatedAt: at,
  validatedAt: at,
}
const token: Token = {
  id: '0'.repeat(16),
  name: 'operations',
  scope: 'run',
  secretHash: 'a'.repeat(64),
  createdAt: at,
}
const running: RunningPrecheck = {
  state: 'running',
  id: `pc_${'2'.repeat(32)}`,
  instanceId: 'sql-1',
  engine: 'sqlserver',
  region: 'cn-hangzhou',
  profile: 'cloud-backup',
  operations: ['full'],
  trigger: 'request',
  scope: 'full',
  checkItems: [{ checkItem: 'SQL_SERVER_DB_NOT_ONLINE', affects: ['full'] }],
  results: [],
  startedAt: at,
  deadlineAt: '2026-11-21T02:01:00.000Z',
}
const completed = completePrecheck({ ...running, id: `pc_${'1'.repeat(32)}` }, null, new Date(at))

/** A file as the first version of the tables left it, with a row of each kind. */
const writeFirstVersion = (path: string): void => {
  const connection = new DatabaseSync(path)
  connection.exec(readFileSync(join(import.meta.dirname, 'sqlite-version-1.sql'), 'utf8'))
  const insert = (table: string, ...values: readonly (string | number)[]) =>
    connection.prepare(`INSERT INTO ${table} VALUES (${values.map(() => '?').join(', ')})`).run(...values)
  insert('instances', instance.id, instance.revision, JSON.stringify(instance))
  insert('tokens', token.id, JSON.stringify(token))
  insert('running_prechecks', 'sql-1', running.id, 3, JSON.stringify(running))
  insert('prechecks', completed.id, '', 5, JSON.stringify(completed))
  insert('latest', 'sql-1', completed.id, completed.id, at, '')
  connection.exec('PRAGMA user_version = 1')
  connection.close()
}

const entry: SweepEntry = {
  sweepId: '2026-11-21',
  instanceId: 'sql-1',
  precheckId: running.id,
  status: 'started',
  dueAt: at,
  startedAt: at,
  endedAt: null,
  notRun: null,
}

/** A file as the second version left it, with entries of a sweep. */
const writeSecondVersion = (path: string): void => {
  writeFirstVersion(path)
  const connection = new DatabaseSync(path)
  connection.exec(readFileSync(join(import.meta.dirname, 'sqlite-version-2.sql'), 'utf8'))
  const insert = connection.prepare('INSERT INTO sweep_entries VALUES (?, ?, ?, ?)')
  const passed = { ...entry, instanceId: 'sql-2', status: 'passed' }
  for (const each of [entry, passed])
    insert.run(each.sweepId, each.instanceId, each.status, JSON.stringify(each))
  connection.exec('PRAGMA user_version = 2')
  connection.close()
}

/** A message that waits, and one that is delayed. */
const writeMessages = (path: string): void => {
  const connection = new DatabaseSync(path)
  const insert = connection.prepare('INSERT INTO messages VALUES (?, ?, ?, ?, ?)')
  insert.run('checks', 1, 0, 0, '[1,2]')
  insert.run('checks', 2, Date.now() + 600_000, 0, '[3]')
  connection.close()
}

const openFile = (name: string) => {
  const database = openDatabase(join(folder, name))
  const writer = groupCommit(database)
  onTestFinished(() => {
    writer.close()
    database.close()
  })
  return { database, writer }
}

describe('a database file of the first version', () => {
  it('keeps its messages, which wait since the update as far as anybody knows', async () => {
    const path = join(folder, 'messages.db')
    writeFirstVersion(path)
    writeMessages(path)
    const { database, writer } = openFile('messages.db')
    const queue = sqliteQueue<number>(database, writer, 'checks', {
      visibilityTimeoutMs: 1000,
      maxReceives: 3,
    })
    onTestFinished(queue.close)
    const { oldestWaitsMs, ...counts } = await queue.look()
    expect(counts).toEqual({ waiting: 2, taken: 0, delayed: 1 })
    // No test takes so long: they would wait since 1970.
    expect(oldestWaitsMs).toBeLessThan(86_400_000)
  })

  it('keeps its rows', async () => {
    writeFirstVersion(join(folder, 'rows.db'))
    const { database, writer } = openFile('rows.db')
    const { instances, results, tokens } = embeddedStores(database, writer)
    expect(await instances.get('sql-1')).toEqual({ document: instance, revision: 4 })
    expect(await instances.put('sql-1', { ...instance, revision: 5 }, 4)).toBe(true)
    expect((await instances.listSchedules({ limit: 10 })).items).toEqual([
      { id: 'sql-1', region: 'cn-hangzhou', schedule: {} },
    ])
    expect(await tokens.get(token.id)).toEqual({ document: token, revision: 1 })
    expect(await results.get(running.id)).toEqual({ precheck: running, revision: 3 })
    expect(await results.last('sql-1')).toEqual(completed)
    expect((await results.standings({ limit: 10 })).items).toEqual([
      { instanceId: 'sql-1', runningId: running.id, last: standingOf(completed) },
    ])
    expect((await results.history('sql-1', { limit: 10 })).items).toEqual([running, completed])
  })

  it('takes sweeps and webhooks', async () => {
    writeFirstVersion(join(folder, 'new-tables.db'))
    const { database, writer } = openFile('new-tables.db')
    const clock = { through: at, walk: null }
    const { sweepClock, webhooks } = embeddedStores(database, writer)
    expect(await sweepClock.put('nights', clock, 0)).toBe(true)
    expect(await webhooks.list({ limit: 10 })).toEqual({ items: [], next: null })
  })

  it('has the same tables as a new one from then on, however often it is opened', () => {
    writeFirstVersion(join(folder, 'old.db'))
    const tablesOf = (name: string) => {
      const { connection, close } = openDatabase(join(folder, name))
      const tables = connection.prepare('SELECT type, name FROM sqlite_schema ORDER BY type, name').all()
      const version = connection.prepare('PRAGMA user_version').get()
      close()
      return { tables, version }
    }
    const fresh = tablesOf('fresh.db')
    expect(tablesOf('old.db')).toEqual(fresh)
    expect(tablesOf('old.db')).toEqual(fresh)
  })
})

describe('a database file of the second version', () => {
  it('keeps the entries of its sweeps and its tokens, which are at their first revision', async () => {
    writeSecondVersion(join(folder, 'second.db'))
    const { database, writer } = openFile('second.db')
    const { sweepEntries, tokens } = embeddedStores(database, writer)
    const key = ['2026-11-21', 'sql-1'] as const
    expect(await sweepEntries.get(key)).toEqual({ document: entry, revision: 1 })
    expect(await sweepEntries.count(key[0])).toEqual({ started: 1, passed: 1 })
    const open = await sweepEntries.list({ group: key[0], limit: 9, statuses: ['starting', 'started'] })
    expect(open).toEqual(pageOf([entry]))
    expect(await sweepEntries.put(key, { ...entry, status: 'failed' }, 1)).toBe(true)
    expect(await tokens.get(token.id)).toEqual({ document: token, revision: 1 })
  })
})
