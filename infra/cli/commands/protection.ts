import * as z from 'zod'
import { ProtectionView } from '../../../functions/api/views/protection-view.ts'
import { InstanceProtection } from '../../../shared/model/instance-protection.ts'
import type { ProtectionState } from '../../../shared/model/protection.ts'
import { columns } from '../reports/cells.ts'
import { fleetRow, protectionReport } from '../reports/protection-report.ts'
import { type Terminal, exitCodes, print } from '../reports/terminal.ts'
import { type Access, send } from '../service/client.ts'
import { instancePath } from '../service/paths.ts'
import type { AddCommand } from './command.ts'
import { describedMember } from './described.ts'

const FleetPage = z.object({ items: z.array(InstanceProtection), next: z.string().nullable() })

const exitCodeOf: Readonly<Record<ProtectionState, number>> = {
  'at-risk': exitCodes.failed,
  unknown: exitCodes.inconclusive,
  new: exitCodes.warning,
  protected: exitCodes.passed,
}

const ofInstance = async (access: Access, terminal: Terminal, instanceId: string): Promise<number> => {
  const path = `${instancePath(instanceId)}/protection`
  const view = await send(access, { method: 'GET', path }, ProtectionView)
  print(terminal, view, (shown) => protectionReport(shown, terminal))
  return exitCodeOf[view.state]
}

/** Instances that the command shows: the worst ones are first. */
const listed = 200

const ofFleet = async (access: Access, terminal: Terminal): Promise<number> => {
  const { items, next } = await send(
    access,
    { method: 'GET', path: `/v1/protection?limit=${listed}` },
    FleetPage,
  )
  const { say } = terminal
  const rest = { en: '… and more that stand no worse', zh: '… 其余的情况不更差' }
  const none = {
    en: 'Nothing is known yet: no precheck has seen backups.',
    zh: '尚无信息：还没有预检看到过备份。',
  }
  print(terminal, items, (shown) => {
    const lines = columns(shown.map((item) => fleetRow(item, terminal)))
    const after = next === null ? [] : [say(rest)]
    return `${(lines.length === 0 ? [say(none)] : [...lines, ...after]).join('\n')}\n`
  })
  const [worst] = items
  return worst ? exitCodeOf[worst.state] : exitCodes.inconclusive
}

export const protection: AddCommand = (program, actionOf, say) =>
  program
    .command('protection')
    .description(
      say({
        en: 'tell what would be lost, of the fleet or of the databases of an instance, worst first',
        zh: '说明全部实例或某实例的数据库会丢失多少数据，最差的在前',
      }),
    )
    .argument('[instance-id]', say(describedMember))
    .action(
      actionOf(async ({ access, terminal }, instanceId) =>
        instanceId === undefined ? ofFleet(access(), terminal) : ofInstance(access(), terminal, instanceId),
      ),
    )
