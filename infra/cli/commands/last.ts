import { PrecheckView } from '../../../functions/api/views/precheck-view.ts'
import { send } from '../service/client.ts'
import { instancePath } from '../service/paths.ts'
import type { AddCommand } from './command.ts'
import { describedAll, describedInstance } from './described.ts'
import { printPrecheck } from './follow.ts'

export const last: AddCommand = (program, actionOf, say) =>
  program
    .command('last')
    .description(say({ en: 'report the last result of an instance', zh: '显示实例的上次结果' }))
    .argument('<instance-id>', say(describedInstance))
    .option('--all', say(describedAll))
    .action(
      actionOf(async ({ access, terminal }, instanceId, { all: isWhole }) => {
        const path = `${instancePath(instanceId)}/prechecks/last`
        const service = access()
        const precheck = await send(service, { method: 'GET', path }, PrecheckView)
        return printPrecheck(service, path, precheck, terminal, isWhole)
      }),
    )
