import { instancePath } from '../service/paths.ts'
import { removing } from './asking.ts'
import type { AddCommand } from './command.ts'
import { describedInstance } from './described.ts'

export const remove: AddCommand = (program, actionOf, say) =>
  program
    .command('delete')
    .description(
      say({
        en: 'remove a registration; its results can still be read by their ids',
        zh: '移除实例的注册；仍可按 ID 查看其结果',
      }),
    )
    .argument('<instance-id>', say(describedInstance))
    .action(actionOf(removing(instancePath)))
