import { createHash } from 'node:crypto'

/** What Function Compute takes as the id of an asynchronous task (InvokeFunction, `x-fc-async-task-id`). */
const taskId = /^[A-Za-z_][A-Za-z0-9_-]{0,127}$/

/** Of the id itself only this much is kept for the eye; the digest tells ids apart. */
const readable = 60

/**
 * A dedupe id as Function Compute takes it: as it is if it may be, else its letters, digits, `_` and `-` followed by a
 * digest of the whole, so that two ids never become one.
 */
export const toTaskId = (dedupeId: string): string => {
  if (taskId.test(dedupeId)) return dedupeId
  const kept = dedupeId.replaceAll(/[^A-Za-z0-9_-]/g, '_').slice(0, readable)
  const digest = createHash('sha256').update(dedupeId).digest('hex').slice(0, 32)
  return `t-${kept}-${digest}`
}
