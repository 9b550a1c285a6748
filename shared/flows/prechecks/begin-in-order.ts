import type { CheckMessage, ResultMessage } from '../../model/queue-messages.ts'
import type { Queue } from '../../ports/queue.ts'
import type { BeginPrecheck, Results } from '../../ports/results.ts'

interface Deps {
  readonly results: Pick<Results, 'create'>
  readonly checks: Queue<CheckMessage>
  readonly resultQueue: Queue<ResultMessage>
}

/**
 * Begins prechecks where nothing holds tables and queues together: the deadline message first, so that nothing written
 * after it can be left hanging by a crash, then the precheck itself, then the messages of its check items.
 */
export const beginInOrder =
  ({ results, checks, resultQueue }: Deps): BeginPrecheck =>
  async ({ precheck, request, checks: messages, delaySeconds, deadlineSeconds }) => {
    const deadline = { kind: 'deadline', precheckId: precheck.id } as const
    await resultQueue.send([deadline], { delaySeconds: deadlineSeconds })
    const creation = await results.create(precheck, request)
    if (creation.kind === 'created') await checks.send(messages, { delaySeconds })
    return creation
  }
