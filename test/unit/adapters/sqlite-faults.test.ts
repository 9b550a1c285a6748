import { DatabaseSync } from '@photostructure/sqlite'
import { expect, it, onTestFinished } from 'vitest'
import { groupCommit } from '../../../shared/adapters/sqlite/group-commit.ts'
import { queueMotion } from '../../../shared/adapters/sqlite/queue-motion.ts'
import { sqlitePulse } from '../../../shared/adapters/sqlite/sqlite-pulse.ts'
import { sqliteDocuments } from '../../../shared/adapters/sqlite/sqlite-documents.ts'
import { instanceMemoryKind } from '../../../shared/ports/instance-memories.ts'
import { tokenKind } from '../../../shared/ports/tokens.ts'
import { StoreFault } from '../../../shared/ports/store-fault.ts'
import { temporaryDatabase } from '../../support/temporary-database.ts'

const open = () => {
  const { database, writer, close } = temporaryDatabase()
  onTestFinished(close)
  const pulse = sqlitePulse(database, writer)
  const { connection } = database
  connection.exec('CREATE TABLE filler (data BLOB)')
  const fill = (bytes: number) =>
    writer.write(() => connection.prepare('INSERT INTO filler VALUES (zeroblob(?))').run(bytes))
  const codeOf = async (work: Promise<unknown>): Promise<unknown> => {
    const fault: unknown = await work.then(
      () => null,
      (cause: unknown) => cause,
    )
    return fault instanceof StoreFault ? fault.code : fault
  }
  return { connection, pulse, fill, codeOf }
}

it('a database that may not grow is full, and takes writes again when it may', async () => {
  const { connection, pulse, fill, codeOf } = open()
  await pulse()
  connection.exec('PRAGMA max_page_count = 40')
  expect(await codeOf(fill(1_000_000))).toBe('STORE_FULL')
  connection.exec('PRAGMA max_page_count = 4000')
  expect(await codeOf(fill(1_000_000))).toBeNull()
})

it('one that is read-only is unavailable', async () => {
  const { connection, pulse, codeOf } = open()
  connection.exec('PRAGMA query_only = 1')
  expect(await codeOf(pulse())).toBe('STORE_UNAVAILABLE')
  connection.exec('PRAGMA query_only = 0')
  expect(await codeOf(pulse())).toBeNull()
})

it('one that another process has locked is unavailable as long as it has', async () => {
  const { connection, pulse, codeOf } = open()
  const other = new DatabaseSync(String(connection.location()))
  onTestFinished(() => other.close())
  other.exec('BEGIN IMMEDIATE')
  expect(await codeOf(pulse())).toBe('STORE_UNAVAILABLE')
  other.exec('ROLLBACK')
  expect(await codeOf(pulse())).toBeNull()
})

it('a fault of the work itself is given back as it is', async () => {
  const { database, writer, close } = temporaryDatabase()
  onTestFinished(close)
  const fault = new Error('of the work')
  const working = groupCommit({ ...database }).write(() => {
    throw fault
  })
  await expect(working).rejects.toBe(fault)
  await writer.write(() => undefined)
})

it('what may be lost waits for no disk, and everything else does', async () => {
  const { database, close } = temporaryDatabase()
  onTestFinished(close)
  const documents = sqliteDocuments(database, groupCommit({ ...database, logPath: '/nowhere/to/sync' }))
  const memories = documents(instanceMemoryKind)
  const startedAt = '2026-11-21T02:00:00Z'
  const memory = { instanceId: 'db1', precheckId: `pc_${'0'.repeat(32)}`, startedAt, series: [] }
  expect(await memories.put('db1', memory, 0)).toBe(true)
  expect(await memories.get('db1')).toEqual({ document: memory, revision: 1 })
  await expect(documents(tokenKind).remove('none')).rejects.toBeInstanceOf(StoreFault)
})

it('a queue stands still as long as there are messages and none is done', () => {
  let now = 1000
  const motion = queueMotion(2, () => now)
  now += 500
  expect(motion.stalledMs()).toBe(500)
  motion.arrived(1)
  expect(motion.stalledMs()).toBe(500)
  motion.handled()
  now += 10
  expect(motion.stalledMs()).toBe(10)
  motion.handled()
  motion.handled()
  now += 10_000
  expect(motion.stalledMs()).toBe(0)
  motion.arrived(1)
  expect(motion.stalledMs()).toBe(0)
  now += 3
  expect(motion.stalledMs()).toBe(3)
})
