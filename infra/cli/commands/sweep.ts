import { SweepSummary } from '../../../functions/api/views/sweep-view.ts'
import { type Access, send } from '../service/client.ts'
import type { AddCommand } from './command.ts'
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

/** Starts a sweep, follows it, and names the instances that did not pass. */
const sweepAndPrint = async (access: Access, body: SweepRequest, terminal: Terminal): Promise<number> => {
  const { paint } = terminal
  const { id } = await send(access, { method: 'POST', path: '/v1/sweeps', body, optionOf }, SweepSummary)
  const tell = (text: string): void => terminal.tell(paint.dim(text))
  tell(`Sweep ${id} starts within a minute.`)
  const swept = await followSweep(access, id, (counts) => tell(`… ${countsText(counts)}`))
  const items = await readTroubled(access, id)
  print(terminal, { ...swept, entries: { items, next: null } }, () => sweepReport(swept, items, paint))
  return exitCodes[sweepOutcome(swept.counts)]
}

export const sweep: AddCommand = (program, actionOf) =>
  program
    .command('sweep')
    .description('precheck all registered instances, or those that match, and name those that did not pass')
    .option('--tag <key:value>', 'only instances with this tag; may be repeated: all must match', parseTag)
    .option('--engine <engine>', 'only instances of this engine')
    .option('--region <region>', 'only instances in this region')
    .addHelpText(
      'after',
      '\nThe exit code is that of the worst precheck, and at least 1 if an instance was\nnot run.',
    )
    .action(
      actionOf(async ({ access, terminal }, { tag: tags = {}, engine, region }) =>
        sweepAndPrint(access(), { engine, region, tags }, terminal),
      ),
    )
