import * as z from 'zod'
import { ProtectionView } from '../../../functions/api/views/protection-view.ts'
import { InstanceProtection } from '../../../shared/model/instance-protection.ts'
import type { ProtectionState } from '../../../shared/model/protection.ts'
import { fleetLine, protectionReport } from '../reports/protection-report.ts'
import { type Terminal, exitCodes, print } from '../reports/terminal.ts'
import { type Access, send } from '../service/client.ts'
import type { AddCommand } from './command.ts'

const FleetPage = z.object({ items: z.array(InstanceProtection), next: z.string().nullable() })

const exitCodeOf: Readonly<Record<ProtectionState, number>> = {
  'at-risk': exitCodes.failed,
  unknown: exitCodes.inconclusive,
  new: exitCodes.warning,
  protected: exitCodes.passed,
}

const ofInstance = async (access: Access, terminal: Terminal, instanceId: string): Promise<number> => {
  const path = `/v1/instances/${encodeURIComponent(instanceId)}/protection`
  const view = await send(access, { method: 'GET', path }, ProtectionView)
  print(terminal, view, () => protectionReport(view, terminal.paint))
  return exitCodeOf[view.state]
}

/** Instances that the command shows: the worst ones are first. */
const shown = 200

const ofFleet = async (access: Access, terminal: Terminal): Promise<number> => {
  const { items, next } = await send(
    access,
    { method: 'GET', path: `/v1/protection?limit=${shown}` },
    FleetPage,
  )
  const rest = next === null ? '' : '… and more that stand no worse\n'
  const none = 'Nothing is known yet: no precheck has seen backups.\n'
  const { paint } = terminal
  print(terminal, items, () => items.map((item) => fleetLine(item, paint)).join('') + rest || none)
  const [worst] = items
  return worst ? exitCodeOf[worst.state] : exitCodes.inconclusive
}

export const protection: AddCommand = (program, actionOf) =>
  program
    .command('protection')
    .description('tell what would be lost, of the fleet or of the databases of an instance, worst first')
    .argument('[instance-id]', 'id of a registered instance')
    .action(
      actionOf(async ({ access, terminal }, instanceId) =>
        instanceId === undefined ? ofFleet(access(), terminal) : ofInstance(access(), terminal, instanceId),
      ),
    )
