import { PrecheckView } from '../../../functions/api/views/precheck-view.ts'
import type { Text } from '../../../shared/model/message.ts'
import { itemLine } from '../reports/item-lines.ts'
import { report } from '../reports/report.ts'
import { type Output, type Terminal, exitCodes, print } from '../reports/terminal.ts'
import { type Access, pause, readAs, send } from '../service/client.ts'
import { CommandFailed } from '../service/command-failed.ts'
import { precheckPath } from '../service/paths.ts'

/** Pause between two looks at a running precheck, ms. */
const pauseMs = 100

/** Follows a precheck to its end; `onItem` hears of every item once, as it ends. */
export const follow = async (
  access: Access,
  precheckId: string,
  onItem: (item: PrecheckView['items'][number]) => void,
): Promise<PrecheckView> => {
  const reported = new Set<string>()
  for (;;) {
    const precheck = await send(access, { method: 'GET', path: precheckPath(precheckId) }, PrecheckView)
    for (const item of precheck.items) {
      if (item.status === 'pending' || reported.has(item.checkItem)) continue
      reported.add(item.checkItem)
      onItem(item)
    }
    if (precheck.state === 'completed') return precheck
    await pause(access, pauseMs)
  }
}

/** Does something after which, where it fails, there is a command that goes on: the user is told of it. */
export const goingOn = async <Value>(
  hint: Text,
  command: string,
  wait: () => Promise<Value>,
): Promise<Value> => {
  try {
    return await wait()
  } catch (fault) {
    if (!(fault instanceof CommandFailed)) throw fault
    const { text, code, context } = fault
    throw new CommandFailed(
      {
        en: `${text.en}\n${hint.en} ${command}`,
        zh: `${text.zh}\n${hint.zh}${command}`,
      },
      code,
      context,
    )
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
  isWhole: boolean | undefined,
): Promise<number> => {
  const type = types[terminal.output]
  if (type === undefined) print(terminal, precheck, (shown) => report(shown, terminal, isWhole))
  else terminal.write((await readAs(access, path, type)).text)
  return exitCodes[precheck.outcome ?? 'inconclusive']
}

/** Follows a precheck, prints every item as it ends, and reports the whole. */
export const followAndPrint = async (
  access: Access,
  precheckId: string,
  terminal: Terminal,
  isWhole: boolean | undefined,
): Promise<number> => {
  const precheck = await follow(access, precheckId, (item) => terminal.tell(itemLine(item, terminal)))
  return printPrecheck(access, precheckPath(precheckId), precheck, terminal, isWhole)
}
