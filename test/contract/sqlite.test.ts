import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LoginMessage, ResultMessage } from '../../shared/model/queue-messages.ts'
import { afterAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { DatabaseUnusable } from '../../shared/adapters/sqlite/database-unusable.ts'
import { type Database, openDatabase } from '../../shared/adapters/sqlite/database.ts'
import { groupCommit } from '../../shared/adapters/sqlite/group-commit.ts'
import { select } from '../../shared/adapters/sqlite/read.ts'
import { sqliteBegin } from '../../shared/adapters/sqlite/sqlite-begin.ts'
import { sqliteDeadLetters } from '../../shared/adapters/sqlite/sqlite-dead-letters.ts'
import { sqliteDocuments } from '../../shared/adapters/sqlite/sqlite-documents.ts'
import { sqliteInstances } from '../../shared/adapters/sqlite/sqlite-instances.ts'
import { sqliteQueue } from '../../shared/adapters/sqlite/sqlite-queue.ts'
import { sqliteResults } from '../../shared/adapters/sqlite/sqlite-results.ts'
import { beginContract } from './begin.contract.ts'
import { deadLettersContract } from './dead-letters.contract.ts'
import { documentsContract } from './documents.contract.ts'
import { instancesContract } from './instances.contract.ts'
import { type QueueUnderTest, type TestMessage, contractSettings, queueContract } from './queue.contract.ts'
import { resultsContract } from './results.contract.ts'

const folder = mkdtempSync(join(tmpdir(), 'precheck-contract-'))
afterAll(() => rmSync(folder, { recursive: true }))

let files = 0
const nextFile = (): string => {
  files += 1
  return join(folder, `${files}.db`)
}

const tokensIn = ({ connection }: Database): number | undefined =>
  select(connection, 'SELECT count(*) AS n FROM tokens', z.object({ n: z.int() })).first()?.n

const openQueue = async (path: string): Promise<QueueUnderTest> => {
  const database = openDatabase(path)
  const writer = groupCommit(database)
  const queue = sqliteQueue<TestMessage>(database, writer, 'tested', contractSettings)
  const close = async (): Promise<void> => {
    queue.close()
    writer.close()
    database.close()
  }
  return {
    queue,
    look: queue.look,
    deadLetters: () =>
      select(database.connection, 'SELECT body FROM dead_letters', z.object({ body: z.string() }))
        .all()
        .map(({ body }) => body),
    restart: async () => {
      await close()
      return openQueue(path)
    },
    close,
  }
}

queueContract('SQLite', () => openQueue(nextFile()))

deadLettersContract('SQLite', async () => {
  const database = openDatabase(nextFile())
  const writer = groupCommit(database)
  const settings = { visibilityTimeoutMs: 10_000, maxReceives: 1 }
  const queue = sqliteQueue<{ n: number }>(database, writer, 'tested', settings)
  const { connection } = database
  return {
    queue,
    deadLetters: sqliteDeadLetters(database, writer, 'tested', queue),
    refuseSends: () => {
      connection.exec(
        `CREATE TRIGGER refuse BEFORE INSERT ON messages BEGIN SELECT RAISE(ABORT, 'full'); END`,
      )
      return () => connection.exec('DROP TRIGGER refuse')
    },
    close: async () => {
      queue.close()
      writer.close()
      database.close()
    },
  }
})

const openStore = () => {
  const database = openDatabase(nextFile())
  return { database, writer: groupCommit(database), close: async () => database.close() }
}

resultsContract('SQLite', async () => {
  const { database, writer, close } = openStore()
  return { results: sqliteResults(database, writer), close }
})

const SentRow = z.object({ queue: z.string(), due_at: z.int(), bodies: z.string() })

const openBegin = async () => {
  const { database, writer, close } = openStore()
  const openOwn = <Message>(name: string) => sqliteQueue<Message>(database, writer, name, contractSettings)
  const queues = { checks: openOwn<LoginMessage>('checks'), results: openOwn<ResultMessage>('results') }
  const results = sqliteResults(database, writer)
  const sentTo = (name: string) => {
    const rows = select(database.connection, 'SELECT queue, due_at, bodies FROM messages', SentRow).all()
    return rows
      .filter(({ queue }) => queue === name)
      .flatMap(({ due_at: dueAt, bodies }) => {
        const delaySeconds = dueAt === 0 ? 0 : Math.round((dueAt - Date.now()) / 1000)
        return z
          .array(z.unknown())
          .parse(JSON.parse(bodies))
          .map((message) => ({ message, delaySeconds }))
      })
  }
  return {
    database,
    begin: sqliteBegin(writer, results, queues.checks, queues.results),
    results,
    checks: async () => sentTo('checks'),
    deadlines: async () => sentTo('results'),
    close: async () => {
      queues.checks.close()
      queues.results.close()
      await close()
    },
  }
}

beginContract('SQLite', openBegin)

instancesContract('SQLite', async () => {
  const { database, writer, close } = openStore()
  return { instances: sqliteInstances(database, writer), close }
})

documentsContract('SQLite', async () => {
  const { database, writer, close } = openStore()
  return {
    documents: sqliteDocuments(database, writer),
    spoil: async ({ table, keyColumns: [id] }, key, text) => {
      database.connection.prepare(`UPDATE ${table} SET document = ? WHERE ${id} = ?`).run(text, key)
    },
    close,
  }
})

describe('the database file', () => {
  it('is for one process at a time', () => {
    const path = nextFile()
    const first = openDatabase(path)
    expect(() => openDatabase(path)).toThrow(DatabaseUnusable)
    first.close()
    openDatabase(path).close()
  })

  it('of a newer version is refused', () => {
    const path = nextFile()
    const { connection, close } = openDatabase(path)
    connection.exec('PRAGMA user_version = 99')
    close()
    expect(() => openDatabase(path)).toThrow(/newer version/)
  })
})

describe('a group commit', () => {
  it('fails the guilty job alone, and writes the others', async () => {
    const database = openDatabase(nextFile())
    const { write } = groupCommit(database)
    const insert = database.connection.prepare("INSERT INTO tokens (token_id, document) VALUES (?, '{}')")
    const jobs = await Promise.allSettled([
      write(() => insert.run('a')),
      write(() => insert.run('a')),
      write(() => insert.run('b')),
    ])
    expect(jobs.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(tokensIn(database)).toBe(2)
    database.close()
  })

  it('writes what belongs at its end once, with the jobs that ask for it and succeed', async () => {
    const database = openDatabase(nextFile())
    const { write, atEnd } = groupCommit(database)
    const insert = database.connection.prepare("INSERT INTO tokens (token_id, document) VALUES (?, '{}')")
    const stages: string[] = []
    const withEnd = (id: string) => () => {
      insert.run(id)
      atEnd({
        beforeCommit: () => stages.push(`last of ${id}`),
        committed: () => stages.push(`${id} committed`),
        over: () => stages.push(`${id} over`),
      })
    }
    await Promise.allSettled([write(withEnd('a')), write(withEnd('a'))])
    // Together they fail; of each by itself the second one fails again.
    expect(stages).toEqual(['a over', 'last of a', 'a committed', 'a over'])
    database.close()
  })

  it('promises nothing any more once the disk has refused to keep something', async () => {
    const database = openDatabase(nextFile())
    const { write } = groupCommit({ ...database, logPath: join(folder, 'no-such-log') })
    const insert = database.connection.prepare("INSERT INTO tokens (token_id, document) VALUES (?, '{}')")
    const lost = { code: 'STORE_UNAVAILABLE', cause: { code: 'ENOENT' } }
    await expect(write(() => insert.run('a'))).rejects.toMatchObject(lost)
    await expect(write(() => insert.run('b'))).rejects.toMatchObject(lost)
    database.close()
  })

  it('writes what is waiting when it is closed, and takes no more', async () => {
    const path = nextFile()
    const database = openDatabase(path)
    const writer = groupCommit(database)
    const insert = database.connection.prepare("INSERT INTO tokens (token_id, document) VALUES (?, '{}')")
    const written = writer.write(() => insert.run('a'))
    writer.close()
    await written
    await expect(writer.write(() => insert.run('b'))).rejects.toThrow('closed')
    expect(tokensIn(database)).toBe(1)
    database.close()
  })
})

describe('a queue on a disk that refuses one write', () => {
  /** A queue whose next write fails after `breakNext`. */
  const openFragile = () => {
    const database = openDatabase(nextFile())
    const writer = groupCommit(database)
    let isBroken = false
    const write: typeof writer.write = async (work) => {
      if (!isBroken) return writer.write(work)
      isBroken = false
      throw new Error('the disk is full')
    }
    const queue = sqliteQueue<TestMessage>(database, { ...writer, write }, 'tested', contractSettings)
    return {
      queue,
      breakNext: () => {
        isBroken = true
      },
      close: () => {
        queue.close()
        writer.close()
        database.close()
      },
    }
  }

  it('delivers a message again that could not be given back', async () => {
    const { queue, breakNext, close } = openFragile()
    await queue.send([{ n: 1 }])
    const [delivery] = await queue.receive(1, 1000)
    breakNext()
    await expect(queue.postpone(delivery?.receipt ?? '', 10)).rejects.toThrow('full')
    expect(await queue.receive(1, 2000)).toMatchObject([{ body: '{"n":1}', received: 2 }])
    close()
  })

  it('delivers a delayed message later that could not be made ready in time', async () => {
    const { queue, breakNext, close } = openFragile()
    await queue.send([{ n: 1 }], { delaySeconds: 1 })
    breakNext()
    expect(await queue.receive(1, 4000)).toMatchObject([{ body: '{"n":1}' }])
    close()
  })
})
