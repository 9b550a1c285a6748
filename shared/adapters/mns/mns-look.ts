import type { LookIntoQueue } from '../../ports/queue-contents.ts'
import type { MnsClient } from './mns-client.ts'

/**
 * Looks into a queue of Simple Message Queue, which counts its messages and tells the age of none. It asks once: who
 * looks again and again misses little, and must not wait.
 */
export const mnsLook =
  ({ countMessages }: Pick<MnsClient, 'countMessages'>, queue: string): LookIntoQueue =>
  async () => ({ ...(await countMessages(queue)), oldestWaitsMs: null })
