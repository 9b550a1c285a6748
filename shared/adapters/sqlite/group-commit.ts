import type { DatabaseSyncInstance } from '@photostructure/sqlite'

/** A piece of work and what to tell its caller once its transaction came to an end. */
interface Job {
  readonly work: () => void
  readonly committed: () => void
  readonly failed: (cause: unknown) => void
}

/** The one writer of a database. */
export interface Writer {
  /** Runs `work` in the next transaction and resolves with its value once that is on disk. */
  readonly write: <Value>(work: () => Value) => Promise<Value>
  /** Runs `work` in the next transaction, for what may be lost with the process without harm. */
  readonly writeSoon: (work: () => void) => void
  /** Commits what is waiting, now. */
  readonly flush: () => void
}

const ignore = () => undefined

/**
 * Group commit: everything that arrives while the last commit was on its way shares the next transaction, and so one
 * sync of the disk. An idle writer commits in the same turn of the event loop, so that waiting costs no latency.
 */
export const groupCommit = (connection: DatabaseSyncInstance): Writer => {
  const begin = connection.prepare('BEGIN IMMEDIATE')
  const commit = connection.prepare('COMMIT')
  let waiting: Job[] = []
  let isScheduled = false

  const transact = (jobs: readonly Job[]): void => {
    begin.run()
    try {
      for (const { work } of jobs) work()
      commit.run()
    } catch (cause) {
      if (connection.isTransaction) connection.exec('ROLLBACK')
      throw cause
    }
  }

  const settle = (jobs: readonly Job[]): void => {
    try {
      transact(jobs)
    } catch (cause) {
      if (jobs.length === 1) for (const { failed } of jobs) failed(cause)
      // After a fault in a group each job gets a transaction of its own, so that only the guilty one fails.
      else for (const job of jobs) settle([job])
      return
    }
    for (const { committed } of jobs) committed()
  }

  const flush = (): void => {
    const jobs = waiting
    waiting = []
    isScheduled = false
    if (jobs.length > 0) settle(jobs)
  }

  const enqueue = (job: Job): void => {
    waiting.push(job)
    if (isScheduled) return
    isScheduled = true
    setImmediate(flush)
  }

  return {
    write: <Value>(work: () => Value) =>
      new Promise<Value>((resolve, reject) => {
        let value: Value
        enqueue({
          work: () => {
            value = work()
          },
          committed: () => resolve(value),
          failed: reject,
        })
      }),
    writeSoon: (work) => enqueue({ work, committed: ignore, failed: ignore }),
    flush,
  }
}
