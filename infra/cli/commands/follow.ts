import { setTimeout as sleep } from 'node:timers/promises'
import { PrecheckView } from '../../../functions/api/views/precheck-view.ts'
import { type Access, readAs, send } from '../service/client.ts'
import { itemLine, report } from '../reports/report.ts'
import { type Output, type Terminal, exitCodes, print } from '../reports/terminal.ts'

/** Pause between two looks at a running precheck, ms. */
const pauseMs = 100

const pathOf = (precheckId: string): string => `/v1/prechecks/${encodeURIComponent(precheckId)}`

/** Follows a precheck to its end; `onItem` hears of every item once, as it ends. */
export const follow = async (
  access: Access,
  precheckId: string,
  onItem: (item: PrecheckView['items'][number]) => void,
): Promise<PrecheckView> => {
  const reported = new Set<string>()
  for (;;) {
    const precheck = await send(access, { method: 'GET', path: pathOf(precheckId) }, PrecheckView)
    for (const item of precheck.items) {
      if (item.status === 'pending' || reported.has(item.checkItem)) continue
      reported.add(item.checkItem)
      onItem(item)
    }
    if (precheck.state === 'completed') return precheck
    await sleep(pauseMs)
  }
}

/** Media types of what the service writes itself. */
const types: Partial<Record<Output, string>> = {
  html: 'text/html',
  junit: 'application/xml',
  nagios: 'text/plain',
}

/** Reports a precheck, which is at `path`; resolves with the exit code of its outcome. */
export const printPrecheck = async (
  access: Access,
  path: string,
  precheck: PrecheckView,
  terminal: Terminal,
): Promise<number> => {
  const type = types[terminal.output]
  if (type === undefined) print(terminal, precheck, () => report(precheck, terminal.paint))
  else terminal.write((await readAs(access, path, type)).text)
  return exitCodes[precheck.outcome ?? 'inconclusive']
}

/** Follows a precheck, prints every item as it ends, and reports the whole. */
export const followAndPrint = async (
  access: Access,
  precheckId: string,
  terminal: Terminal,
): Promise<number> => {
  const { paint, tell } = terminal
  const precheck = await follow(access, precheckId, (item) => tell(itemLine(item, paint)))
  return printPrecheck(access, pathOf(precheckId), precheck, terminal)
}
