import { SweepSummary } from '../../functions/api/views/sweep-view.ts'
import { type Access, send } from './client.ts'
import { type Terminal, exitCodes } from './commands.ts'
import { followSweep, readTroubled } from './follow-sweep.ts'
import { countsText, sweepOutcome, sweepReport } from './sweep-report.ts'

/** Which instances to sweep, as the API takes it: the service says what is wrong with it. */
export interface SweepRequest {
  readonly engine?: string | undefined
  readonly region?: string | undefined
  readonly tags: Readonly<Record<string, string>>
}

/** `precheck sweep`: prechecks now all instances that a filter lets through, follows, and names those that did not pass. */
export const sweep = async (access: Access, body: SweepRequest, terminal: Terminal): Promise<number> => {
  const { output, paint, write } = terminal
  const { id } = await send(access, { method: 'POST', path: '/v1/sweeps', body }, SweepSummary)
  const tell = (text: string): void => {
    if (output === 'text') write(`${paint.dim(text)}\n`)
  }
  tell(`Sweep ${id} begins within a minute.`)
  const swept = await followSweep(access, id, (counts) => tell(`… ${countsText(counts)}`))
  const items = await readTroubled(access, id)
  const text = sweepReport(swept, items, paint)
  const json = { ...swept, entries: { items, next: null } }
  write(output === 'json' ? `${JSON.stringify(json, null, 2)}\n` : text)
  return exitCodes[sweepOutcome(swept.counts)]
}
