import { readlinkSync } from 'node:fs'
import { constants, setPriority } from 'node:os'

/**
 * Lets all other threads go before the one that calls it, wherever there are not processors for all. On Linux alone,
 * where every thread has a priority of its own, by its id (setpriority(2), proc_thread-self(5)).
 */
export const lowerPriority = (): void => {
  if (process.platform !== 'linux') return
  const threadId = Number(readlinkSync('/proc/thread-self').split('/').at(-1))
  setPriority(threadId, constants.priority.PRIORITY_BELOW_NORMAL)
}
