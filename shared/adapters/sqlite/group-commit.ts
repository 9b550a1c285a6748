import { closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs'
import type { Database } from './database.ts'
import { lostSync, storeFaultOf } from './store-fault.ts'

/** A piece of work and what to tell its caller once its transaction came to an end. */
interface Job {
  readonly work: () => void
  readonly committed: () => void
  readonly failed: (cause: unknown) => void
  /** Its caller goes on only when the work is on disk. */
  readonly isAwaited: boolean
}

/** What is done at the end of a transaction, by its stages. */
interface EndOfTransaction {
  /** The last work in it. */
  readonly beforeCommit?: () => void
  /** It is committed, though not on disk yet. */
  readonly committed?: () => void
  /** It is committed or taken back. */
  readonly over?: () => void
}

/** The one writer of a database. */
export interface Writer {
  /** Runs `work` in the next transaction and resolves with its value once that is on disk. */
  readonly write: <Value>(work: () => Value) => Promise<Value>
  /** Resolves as soon as the transaction is committed: it is on disk no later than anything that is written after it. */
  readonly writeAhead: <Value>(work: () => Value) => Promise<Value>
  /** Adds to the transaction under way, for callers that are at work in it. */
  readonly atEnd: (end: EndOfTransaction) => void
  /** Runs `work` in the next transaction, for what may be lost with the process without harm. */
  readonly writeSoon: (work: () => void) => void
  /** Commits what is waiting, now, and takes no more. */
  readonly close: () => void
}

const ignore = () => undefined

/**
 * Group commit: everything that arrives while the disk takes the last transaction shares the next one, and so one sync.
 * An idle writer commits in the same turn of the event loop, so that waiting costs no latency.
 *
 * The database commits into its write-ahead log without a sync (`synchronous = NORMAL`); the log is synced here, on a
 * thread of the pool, so that the event loop goes on meanwhile. Who wrote hears of it after that; messages are on their
 * way to a consumer before, since what the disk lost with them is lost for everybody.
 */
export const groupCommit = ({ connection, logPath }: Pick<Database, 'connection' | 'logPath'>): Writer => {
  const begin = connection.prepare('BEGIN IMMEDIATE')
  const commit = connection.prepare('COMMIT')
  let waiting: Job[] = []
  /** Committed, not known to be on disk. */
  let unsynced: readonly Job[] = []
  let isBusy = false
  /** Why no more work is taken. */
  let ended: Error | null = null
  let log: number | undefined
  let ends: EndOfTransaction[] = []

  const transact = (jobs: readonly Job[]): void => {
    begin.run()
    try {
      for (const { work } of jobs) work()
      for (const { beforeCommit } of ends) beforeCommit?.()
      commit.run()
      for (const { committed } of ends) committed?.()
    } catch (cause) {
      if (connection.isTransaction) connection.exec('ROLLBACK')
      throw cause
    } finally {
      for (const { over } of ends) over?.()
      ends = []
    }
  }

  /** Commits jobs and gives back those that succeeded. After a fault in a group each job gets a transaction of its own, so that only the guilty one fails. */
  const commitAll = (jobs: readonly Job[]): readonly Job[] => {
    try {
      transact(jobs)
      return jobs
    } catch (cause) {
      if (jobs.length > 1) return jobs.flatMap((job) => commitAll([job]))
      for (const { failed } of jobs) failed(storeFaultOf(cause))
      return []
    }
  }

  const commitWaiting = (): void => {
    const jobs = waiting
    waiting = []
    if (jobs.length > 0) unsynced = [...unsynced, ...commitAll(jobs)]
  }

  const settle = (fault: Error | null): void => {
    const jobs = unsynced
    unsynced = []
    for (const { committed, failed } of jobs) {
      if (fault) failed(fault)
      else committed()
    }
  }

  /** The log is there as soon as something was written, and stays the same file until the database is closed. */
  const openLog = (): number => (log ??= openSync(logPath, 'r+'))

  const turn = (): void => {
    if (!ended) commitWaiting()
    if (unsynced.some(({ isAwaited }) => isAwaited)) sync()
    else synced(null)
  }

  const sync = (): void => {
    try {
      fdatasync(openLog(), synced)
    } catch (cause) {
      synced(cause instanceof Error ? cause : new Error(String(cause)))
    }
  }

  const synced = (fault: Error | null): void => {
    // What the disk refused once it may lose without a word later, so that nothing can be promised any more.
    ended ??= fault && lostSync(fault)
    settle(ended)
    isBusy = waiting.length > 0
    if (isBusy) setImmediate(turn)
  }

  const enqueue = (job: Job): void => {
    if (ended) return job.failed(ended)
    waiting.push(job)
    if (isBusy) return
    isBusy = true
    setImmediate(turn)
  }

  const write = <Value>(work: () => Value, isAwaited: boolean): Promise<Value> =>
    new Promise((resolve, reject) => {
      let value: Value
      enqueue({
        work: () => {
          value = work()
        },
        committed: () => resolve(value),
        failed: reject,
        isAwaited,
      })
    })

  return {
    write: (work) => write(work, true),
    writeAhead: (work) => write(work, false),
    atEnd: (end) => {
      ends.push(end)
    },
    writeSoon: (work) => enqueue({ work, committed: ignore, failed: ignore, isAwaited: false }),
    close: () => {
      commitWaiting()
      ended = new Error('the database is closed')
      if (log === undefined && unsynced.length === 0) return
      fdatasyncSync(openLog())
      settle(null)
      closeSync(openLog())
    },
  }
}
