import { setTimeout as sleep } from 'node:timers/promises'
import { PrecheckView } from '../../functions/api/views/precheck-view.ts'
import { type Access, send } from './client.ts'

/** Pause between two looks at a running precheck, ms. */
const pauseMs = 100

/** Follows a precheck to its end; `onItem` hears of every item once, as it ends. */
export const follow = async (
  access: Access,
  precheckId: string,
  onItem: (item: PrecheckView['items'][number]) => void,
): Promise<PrecheckView> => {
  const told = new Set<string>()
  for (;;) {
    const precheck = await send(access, { method: 'GET', path: `/v1/prechecks/${precheckId}` }, PrecheckView)
    for (const item of precheck.items) {
      if (item.status === 'pending' || told.has(item.checkItem)) continue
      told.add(item.checkItem)
      onItem(item)
    }
    if (precheck.state === 'completed') return precheck
    await sleep(pauseMs)
  }
}
