import { Option } from '@commander-js/extra-typings'
import type { BackupStores } from '../../../shared/flows/backup/backup-stores.ts'
import { RestoreRefused } from '../../../shared/flows/backup/restore-backup.ts'
import { exitCodes, print } from '../reports/terminal.ts'
import { backUp, countsText, restoreFrom } from '../service/backup-restore.ts'
import { CommandFailed } from '../service/command-failed.ts'
import type { AddCommand } from './command.ts'

const dataOption = () =>
  new Option('--data <folder>', 'data folder of the service, which has to be stopped').default('data')

/** The database is native code, which the other commands do without. */
const work = async <Value>(
  folder: string,
  isMade: boolean,
  use: (stores: BackupStores) => Promise<Value>,
): Promise<Value> => {
  const { DatabaseUnusable, withStoresIn } = await import('../../../shared/runtime/backup-stores.ts')
  try {
    return await withStoresIn(folder, use, { isMade })
  } catch (fault) {
    if (fault instanceof RestoreRefused) throw new CommandFailed(fault.message, 'RESTORE_REFUSED')
    throw fault instanceof DatabaseUnusable ? new CommandFailed(fault.message, 'DATA_UNUSABLE') : fault
  }
}

export const backup: AddCommand = (program, actionOf) =>
  program
    .command('backup')
    .description('write the data of a service on this machine to a file')
    .argument('<file>', 'where to; compressed if its name ends in .gz')
    .addOption(dataOption())
    .action(
      actionOf(async ({ terminal }, file, { data }) => {
        const counts = await work(data, false, (stores) => backUp(stores, file))
        print(terminal, counts, () => `${file}: ${countsText(counts)}.\n`)
        return exitCodes.passed
      }),
    )

export const restore: AddCommand = (program, actionOf) =>
  program
    .command('restore')
    .description('write the data in a file to a service on this machine that has none yet')
    .argument('<file>', 'what a backup has written')
    .addOption(dataOption())
    .option('--merge', 'also where there are data: those stay; a restore that was cut off goes on')
    .action(
      actionOf(async ({ terminal }, file, { data, merge = false }) => {
        const counts = await work(data, true, (stores) => restoreFrom(stores, file, merge))
        print(terminal, counts, () => `Restored: ${countsText(counts)}.\n`)
        return exitCodes.passed
      }),
    )
