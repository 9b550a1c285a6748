import { Option } from '@commander-js/extra-typings'
import * as z from 'zod'
import { CheckItemView } from '../../../functions/api/resources/check-items.ts'
import { Engine } from '../../../shared/model/engine.ts'
import { listed } from '../reports/cells.ts'
import { indented, wrapped } from '../reports/layout.ts'
import { type Look, exitCodes, print } from '../reports/terminal.ts'
import { send } from '../service/client.ts'
import { withQuery } from '../service/paths.ts'
import type { AddCommand } from './command.ts'

const List = z.object({ items: z.array(CheckItemView) })

/** A heading, and texts below it. */
const part = (head: string, texts: readonly string[], width: number): string[] => [
  head,
  ...indented(texts, 2).flatMap((line) => wrapped(line, { width, hanging: 4 })),
]

const itemText = (item: CheckItemView, { paint, say, width }: Look): string => {
  const { id, engine, set, title, description, findings, blindSpots, queries, privileges, fixes, documents } =
    item
  const parts = [
    [{ en: 'Findings', zh: '检查结果' }, findings.map(({ text }) => text)],
    [{ en: 'Cannot see', zh: '无法识别' }, blindSpots],
    [{ en: 'Asks', zh: '查询' }, queries],
    [{ en: 'Needs', zh: '所需权限' }, privileges],
    [{ en: 'Fixes', zh: '修复步骤' }, fixes],
    [{ en: 'Manuals', zh: '参考文档' }, documents],
  ] as const
  const lines = [
    `${paint.strong(id)}  ${paint.dim(`${engine}, ${set}`)}`,
    ...wrapped(title, { width }),
    ...wrapped(description, { width }),
    ...parts.flatMap(([head, texts]) =>
      texts.length === 0 ? [] : part(paint.strong(say(head)), texts, width),
    ),
  ]
  return `${lines.join('\n')}\n`
}

export const checkItems: AddCommand = (program, actionOf, say) =>
  program
    .command('check-items')
    .description(
      say({ en: 'list what prechecks look at, or tell all of one', zh: '列出检查项，或说明其中一个' }),
    )
    .argument('[check-item]', say({ en: 'its id, such as ARCHIVELOG', zh: '检查项 ID，例如 ARCHIVELOG' }))
    .addOption(
      new Option('--engine <engine>', say({ en: 'only of this engine', zh: '只列出该数据库类型' })).choices(
        Engine.options,
      ),
    )
    .action(
      actionOf(async ({ access, terminal }, id, { engine }) => {
        if (id !== undefined) {
          const path = `/v1/check-items/${encodeURIComponent(id)}`
          const item = await send(access(), { method: 'GET', path }, CheckItemView)
          print(terminal, item, (shown) => itemText(shown, terminal))
          return exitCodes.passed
        }
        const path = withQuery('/v1/check-items', { engine })
        const list = await send(access(), { method: 'GET', path }, List)
        print(terminal, list, ({ items }) =>
          listed(
            items.map((item) => [item.id, item.engine, item.set, item.title]),
            '',
          ),
        )
        return exitCodes.passed
      }),
    )
