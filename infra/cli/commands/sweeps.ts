import * as z from 'zod'
import { SweepSummary } from '../../../functions/api/views/sweep-view.ts'
import { listed } from '../reports/cells.ts'
import { moment } from '../service/moment.ts'
import { countsText, sweepOutcome, sweepReport } from '../reports/sweep-report.ts'
import { type Look, type Terminal, exitCodes, print } from '../reports/terminal.ts'
import { statusWords } from '../reports/words.ts'
import { type Access, send } from '../service/client.ts'
import { readSweep, readTroubled } from '../service/follow-sweep.ts'
import { withQuery } from '../service/paths.ts'
import type { AddCommand } from './command.ts'
import { parseCount } from './option-values.ts'

const Page = z.object({ items: z.array(SweepSummary), next: z.string().nullable() })

const rowOf = ({ id, startedAt, counts }: z.infer<typeof SweepSummary>, look: Look): string[] => [
  id,
  moment(startedAt),
  counts ? countsText(counts, look.say) : look.say(statusWords.running),
]

const listSweeps = async (access: Access, terminal: Terminal, limit: number): Promise<number> => {
  const page = await send(access, { method: 'GET', path: withQuery('/v1/sweeps', { limit }) }, Page)
  const none = terminal.say({ en: 'There were no sweeps yet.\n', zh: '还没有巡检。\n' })
  print(terminal, page, ({ items }) =>
    listed(
      items.map((item) => rowOf(item, terminal)),
      none,
    ),
  )
  return exitCodes.passed
}

const showSweep = async (access: Access, terminal: Terminal, id: string): Promise<number> => {
  const swept = await readSweep(access, id, 'limit=1')
  const items = await readTroubled(access, id)
  const whole = { ...swept, entries: { items, next: null } }
  print(terminal, whole, (shown) => sweepReport(shown, shown.entries.items, terminal))
  return exitCodes[sweepOutcome(swept.counts)]
}

export const sweeps: AddCommand = (program, actionOf, say) =>
  program
    .command('sweeps')
    .description(
      say({
        en: 'list the sweeps, newest first, or report one',
        zh: '列出巡检（最新的在前），或显示其中一次',
      }),
    )
    .argument(
      '[sweep-id]',
      say({ en: 'of a night: its day, such as 2026-11-21', zh: '每晚巡检以日期为 ID，例如 2026-11-21' }),
    )
    .option('--limit <count>', say({ en: 'how many at most', zh: '最多列出多少次' }), parseCount, 20)
    .action(
      actionOf(async ({ access, terminal }, id, { limit }) =>
        id === undefined ? listSweeps(access(), terminal, limit) : showSweep(access(), terminal, id),
      ),
    )
