import { SweepSummary } from '../../../functions/api/views/sweep-view.ts'
import { type Access, send } from '../service/client.ts'
import type { AddCommand } from './command.ts'
import { goingOn } from './follow.ts'
import { followSweep, readTroubled } from '../service/follow-sweep.ts'
import { type Tags, parseTag } from './option-values.ts'
import { countsText, sweepOutcome, sweepReport } from '../reports/sweep-report.ts'
import { type Terminal, exitCodes, print } from '../reports/terminal.ts'

/** Which instances to sweep, as the API takes it: the service says what is wrong with it. */
interface SweepRequest {
  readonly engine?: string | undefined
  readonly region?: string | undefined
  readonly tags: Tags
}

const optionOf = { engine: '--engine', region: '--region', tags: '--tag' }

/** Of a sweep, whatever happens here. */
const continues = { en: 'The sweep continues. See what became of it:', zh: '巡检仍在继续。查看结果：' }

/** Starts a sweep, follows it, and names the instances that did not pass. */
const sweepAndPrint = async (access: Access, body: SweepRequest, terminal: Terminal): Promise<number> => {
  const { paint, say } = terminal
  const { id } = await send(access, { method: 'POST', path: '/v1/sweeps', body, optionOf }, SweepSummary)
  const tell = (text: string): void => terminal.tell(paint.dim(text))
  tell(say({ en: `Sweep ${id} starts within a minute.`, zh: `巡检 ${id} 将在一分钟内开始。` }))
  const swept = await goingOn(continues, `precheck sweeps ${id}`, () =>
    followSweep(access, id, (counts) => tell(`… ${countsText(counts, say)}`)),
  )
  const items = await readTroubled(access, id)
  const whole = { ...swept, entries: { items, next: null } }
  print(terminal, whole, (shown) => sweepReport(shown, shown.entries.items, terminal))
  return exitCodes[sweepOutcome(swept.counts)]
}

export const sweep: AddCommand = (program, actionOf, say) =>
  program
    .command('sweep')
    .description(
      say({
        en: 'precheck all registered instances, or those that match, and name those that did not pass',
        zh: '对全部或匹配的实例执行预检，并列出未通过的实例',
      }),
    )
    .option(
      '--tag <key:value>',
      say({
        en: 'only instances with this tag; may be repeated: all must match',
        zh: '只包括带有该标签的实例；可重复，须全部匹配',
      }),
      parseTag,
    )
    .option('--engine <engine>', say({ en: 'only instances of this engine', zh: '只包括该数据库类型的实例' }))
    .option('--region <region>', say({ en: 'only instances in this region', zh: '只包括该地域的实例' }))
    .addHelpText(
      'after',
      say({
        en: '\nThe exit code is that of the worst precheck, and at least 1 if an instance was\nnot run.',
        zh: '\n退出码取最差的预检结果；有实例未执行时至少为 1。',
      }),
    )
    .action(
      actionOf(async ({ access, terminal }, { tag: tags = {}, engine, region }) =>
        sweepAndPrint(access(), { engine, region, tags }, terminal),
      ),
    )
