import type { AddCommand } from './command.ts'
import { describedAll } from './described.ts'
import { followAndPrint } from './follow.ts'

export const watch: AddCommand = (program, actionOf, say) =>
  program
    .command('watch')
    .description(say({ en: 'follow a running precheck and report it', zh: '跟踪进行中的预检并显示结果' }))
    .argument('<precheck-id>', say({ en: 'id of the precheck (pc_…)', zh: '预检 ID（pc_…）' }))
    .option('--all', say(describedAll))
    .action(
      actionOf(async ({ access, terminal }, precheckId, { all: isWhole }) =>
        followAndPrint(access(), precheckId, terminal, isWhole),
      ),
    )
