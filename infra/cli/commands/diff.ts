import * as z from 'zod'
import { ChangesView } from '../../../functions/api/resources/changes.ts'
import { PrecheckSummary } from '../../../functions/api/views/precheck-view.ts'
import { changeLines } from '../reports/comparison-lines.ts'
import { type Look, exitCodes, print } from '../reports/terminal.ts'
import { type Access, send } from '../service/client.ts'
import { CommandFailed } from '../service/command-failed.ts'
import { instancePath, precheckPath, withQuery } from '../service/paths.ts'
import type { AddCommand } from './command.ts'

const Page = z.object({ items: z.array(PrecheckSummary) })

/** Prechecks among which the last two results are looked for: between them may be some of single items. */
const lookedAt = 200

/** An earlier and a later result. */
type Pair = readonly [string, string]

/** The last two results of an instance. */
const lastTwo = async (access: Access, instanceId: string): Promise<Pair> => {
  const path = withQuery(`${instancePath(instanceId)}/prechecks`, { limit: lookedAt })
  const { items } = await send(access, { method: 'GET', path }, Page)
  const [later, earlier] = items.filter(({ state, scope }) => state === 'completed' && scope === 'full')
  if (later && earlier) return [earlier.id, later.id]
  throw new CommandFailed(
    {
      en: `${instanceId} does not have two results yet. Start a precheck: precheck run ${instanceId}`,
      zh: `${instanceId} 还没有两次结果。请先执行预检：precheck run ${instanceId}`,
    },
    'NO_TWO_RESULTS',
  )
}

const changesText = ({ notCompared, ...changes }: ChangesView, look: Look): string => {
  const { say } = look
  const items = notCompared.join(', ')
  const left = {
    en: `not compared, since they found very much: ${items}`,
    zh: `结果过多，未作比较：${items}`,
  }
  return `${[...changeLines(changes, look), ...(items === '' ? [] : [say(left)])].join('\n')}\n`
}

export const diff: AddCommand = (program, actionOf, say) =>
  program
    .command('diff')
    .description(
      say({
        en: 'tell what changed between two results; exits with 1 if something is new',
        zh: '比较两次结果；有新增问题时退出码为 1',
      }),
    )
    .argument(
      '<id>',
      say({
        en: 'of an instance: its last two results; or of the earlier precheck',
        zh: '实例 ID（比较最近两次结果），或较早一次预检的 ID',
      }),
    )
    .argument('[later-id]', say({ en: 'of the later precheck', zh: '较晚一次预检的 ID' }))
    .action(
      actionOf(async ({ access, terminal }, id, laterId) => {
        const service = access()
        const [earlier, later]: Pair = laterId === undefined ? await lastTwo(service, id) : [id, laterId]
        const path = withQuery(`${precheckPath(later)}/changes`, { since: earlier })
        const changes = await send(service, { method: 'GET', path }, ChangesView)
        print(terminal, changes, (shown) => changesText(shown, terminal))
        return changes.new.length > 0 ? exitCodes.warning : exitCodes.passed
      }),
    )
