import * as z from 'zod'
import { PrecheckSummary } from '../../../functions/api/views/precheck-view.ts'
import { columns } from '../reports/cells.ts'
import { statusMarks, statusTone } from '../reports/layout.ts'
import { moment } from '../service/moment.ts'
import type { Look } from '../reports/terminal.ts'
import { statusWords } from '../reports/words.ts'
import { instancePath, withQuery } from '../service/paths.ts'
import { asking } from './asking.ts'
import type { AddCommand } from './command.ts'
import { describedInstance } from './described.ts'
import { parseCount } from './option-values.ts'

const Page = z.object({ items: z.array(PrecheckSummary), next: z.string().nullable() })

const triggers = {
  request: { en: 'requested', zh: '手动' },
  schedule: { en: 'nightly', zh: '每夜' },
} as const

const rowOf = (
  { id, trigger, state, outcome, startedAt }: PrecheckSummary,
  { paint, say }: Look,
): string[] => {
  const status = outcome ?? 'pending'
  const word = state === 'running' ? statusWords.running : statusWords[status]
  return [
    paint[statusTone[status]](`${statusMarks[status]} ${say(word)}`),
    moment(startedAt),
    say(triggers[trigger]),
    id,
  ]
}

const listText = ({ items, next }: z.infer<typeof Page>, look: Look): string => {
  if (items.length === 0) return look.say({ en: 'There are no prechecks yet.\n', zh: '还没有预检。\n' })
  const more = look.say({ en: '… and older ones: --limit', zh: '… 还有更早的：--limit' })
  return `${[...columns(items.map((item) => rowOf(item, look))), ...(next === null ? [] : [more])].join('\n')}\n`
}

export const history: AddCommand = (program, actionOf, say) =>
  program
    .command('history')
    .description(
      say({ en: 'list the prechecks of an instance, newest first', zh: '列出实例的预检，最新的在前' }),
    )
    .argument('<instance-id>', say(describedInstance))
    .option('--limit <count>', say({ en: 'how many at most', zh: '最多列出多少个' }), parseCount, 20)
    .action(
      actionOf(
        asking({
          request: (id: string, { limit }: { limit: number }) => ({
            method: 'GET',
            path: withQuery(`${instancePath(id)}/prechecks`, { limit }),
          }),
          answer: Page,
          text: listText,
        }),
      ),
    )
