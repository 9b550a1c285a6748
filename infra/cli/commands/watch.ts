import type { AddCommand } from './command.ts'
import { followAndPrint } from './follow.ts'

export const watch: AddCommand = (program, actionOf) =>
  program
    .command('watch')
    .description('follow a running precheck and report it')
    .argument('<precheck-id>', 'id of the precheck (pc_…)')
    .action(
      actionOf(async ({ access, terminal }, precheckId) => followAndPrint(access(), precheckId, terminal)),
    )
