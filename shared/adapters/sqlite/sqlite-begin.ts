import type { LoginMessage, ResultMessage } from '../../model/queue-messages.ts'
import type { BeginPrecheck } from '../../ports/results.ts'
import type { Writer } from './group-commit.ts'
import type { SqliteQueue } from './sqlite-queue.ts'
import type { SqliteResults } from './sqlite-results.ts'

/** Begins prechecks in the embedded database: a precheck and its messages are written in one transaction. */
export const sqliteBegin =
  (
    { write }: Writer,
    results: SqliteResults,
    checks: SqliteQueue<LoginMessage>,
    resultQueue: SqliteQueue<ResultMessage>,
  ): BeginPrecheck =>
  async ({ precheck, request, checks: messages, delaySeconds, deadlineSeconds }) => {
    const insert = results.creating(precheck, request)
    const bodies = messages.map((message) => JSON.stringify(message))
    const deadline: ResultMessage = { kind: 'deadline', precheckId: precheck.id }
    return write(() => {
      const creation = insert()
      if (creation.kind === 'created') {
        resultQueue.enqueue([JSON.stringify(deadline)], deadlineSeconds)
        checks.enqueue(bodies, delaySeconds)
      }
      return creation
    })
  }
