import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../../../shared/adapters/sqlite/database.ts'
import { groupCommit } from '../../../shared/adapters/sqlite/group-commit.ts'
import { sqliteQueue } from '../../../shared/adapters/sqlite/sqlite-queue.ts'

const settings = { visibilityTimeoutMs: 600_000, maxReceives: 3 }
const start = Date.parse('2026-11-21T02:00:00Z')

let folder: string
let passedMs: number

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'precheck-look-'))
  passedMs = 0
})
afterEach(() => rmSync(folder, { recursive: true }))

/** The queue, by a clock that goes on as `passedMs` says. */
const open = () => {
  const clock = { wall: () => start + passedMs, steady: () => passedMs }
  const database = openDatabase(join(folder, 'precheck.db'), clock)
  const writer = groupCommit(database)
  const queue = sqliteQueue<number>(database, writer, 'tested', settings)
  return {
    ...queue,
    close: () => {
      queue.close()
      writer.close()
      database.close()
    },
  }
}

describe('a look into an embedded queue', () => {
  it('tells how long the oldest message waits that nobody has taken, also over a restart', async () => {
    const first = open()
    expect(await first.look()).toMatchObject({ oldestWaitsMs: 0 })
    await first.send([1])
    await first.send([2], { delaySeconds: 100 })
    passedMs += 5000
    await first.send([3])
    expect(await first.look()).toMatchObject({ waiting: 2, oldestWaitsMs: 5000 })
    await first.receive(1, 0)
    passedMs += 2000
    expect(await first.look()).toMatchObject({ waiting: 1, oldestWaitsMs: 2000 })
    first.close()
    passedMs += 3000
    const second = open()
    // What was taken is delivered again, and waits since it was sent.
    expect(await second.look()).toEqual({ waiting: 2, taken: 0, delayed: 1, oldestWaitsMs: 10_000 })
    await second.receive(2, 0)
    expect(await second.look()).toEqual({ waiting: 0, taken: 2, delayed: 1, oldestWaitsMs: 0 })
    second.close()
  })

  it('counts a message that was given back as delayed, until it comes again', async () => {
    const queue = open()
    await queue.send([1, 2])
    const [first, second] = await queue.receive(2, 0)
    await queue.postpone(first!.receipt, 5000)
    await queue.acknowledge([second!.receipt])
    expect(await queue.look()).toMatchObject({ waiting: 0, taken: 0, delayed: 1 })
    queue.close()
    passedMs += 6000
    const later = open()
    // Its time has come.
    await expect.poll(() => later.look()).toMatchObject({ waiting: 1, delayed: 0, oldestWaitsMs: 1000 })
    later.close()
  })

  it('counts what does not fit into memory, and finds the oldest of it', async () => {
    const queue = open()
    const page = Array.from({ length: 6000 }, (_, index) => index)
    await queue.send(page)
    passedMs += 1000
    await queue.send(page)
    passedMs += 1000
    await queue.send(page)
    expect(await queue.look()).toMatchObject({ waiting: 18_000, oldestWaitsMs: 2000 })
    await queue.receive(12_000, 0)
    expect(await queue.look()).toMatchObject({ waiting: 6000, taken: 12_000, oldestWaitsMs: 0 })
    passedMs += 500
    expect(await queue.look()).toMatchObject({ oldestWaitsMs: 500 })
    queue.close()
  })
})
