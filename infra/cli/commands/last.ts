import { PrecheckView } from '../../../functions/api/views/precheck-view.ts'
import { send } from '../service/client.ts'
import type { AddCommand } from './command.ts'
import { printPrecheck } from './follow.ts'

export const last: AddCommand = (program, actionOf) =>
  program
    .command('last')
    .description('report the last result of an instance')
    .argument('<instance-id>', 'id of a registered instance')
    .action(
      actionOf(async ({ access, terminal }, instanceId) => {
        const path = `/v1/instances/${encodeURIComponent(instanceId)}/prechecks/last`
        const service = access()
        const precheck = await send(service, { method: 'GET', path }, PrecheckView)
        return printPrecheck(service, path, precheck, terminal)
      }),
    )
