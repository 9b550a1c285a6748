import { setTimeout as sleep } from 'node:timers/promises'
import { PrecheckView } from '../../../functions/api/views/precheck-view.ts'
import { type Access, send } from '../service/client.ts'
import { itemLine, report } from '../reports/report.ts'
import { type Terminal, exitCodes, print } from '../reports/terminal.ts'

/** Pause between two looks at a running precheck, ms. */
const pauseMs = 100

/** Follows a precheck to its end; `onItem` hears of every item once, as it ends. */
export const follow = async (
  access: Access,
  precheckId: string,
  onItem: (item: PrecheckView['items'][number]) => void,
): Promise<PrecheckView> => {
  const path = `/v1/prechecks/${encodeURIComponent(precheckId)}`
  const reported = new Set<string>()
  for (;;) {
    const precheck = await send(access, { method: 'GET', path }, PrecheckView)
    for (const item of precheck.items) {
      if (item.status === 'pending' || reported.has(item.checkItem)) continue
      reported.add(item.checkItem)
      onItem(item)
    }
    if (precheck.state === 'completed') return precheck
    await sleep(pauseMs)
  }
}

/** Reports a precheck; resolves with the exit code of its outcome. */
export const printPrecheck = (precheck: PrecheckView, terminal: Terminal): number => {
  print(terminal, precheck, () => report(precheck, terminal.paint))
  return exitCodes[precheck.outcome ?? 'inconclusive']
}

/** Follows a precheck, prints every item as it ends, and reports the whole. */
export const followAndPrint = async (
  access: Access,
  precheckId: string,
  terminal: Terminal,
): Promise<number> => {
  const { output, paint, write } = terminal
  const precheck = await follow(access, precheckId, (item) => {
    if (output === 'text') write(`${itemLine(item, paint)}\n`)
  })
  return printPrecheck(precheck, terminal)
}
