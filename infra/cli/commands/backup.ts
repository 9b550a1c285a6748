import { Option } from '@commander-js/extra-typings'
import type { BackupStores } from '../../../shared/flows/backup/backup-stores.ts'
import { RestoreRefused } from '../../../shared/flows/backup/restore-backup.ts'
import { type Say, exitCodes, print } from '../reports/terminal.ts'
import { backUp, countsText, restoreFrom } from '../service/backup-restore.ts'
import { CommandFailed } from '../service/command-failed.ts'
import type { AddCommand } from './command.ts'
import { describedData } from './described.ts'

const dataOption = (say: Say) => new Option('--data <folder>', say(describedData)).default('data')

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

export const backup: AddCommand = (program, actionOf, say) =>
  program
    .command('backup')
    .description(
      say({ en: 'write the data of a service on this machine to a file', zh: '将本机服务的数据写入文件' }),
    )
    .argument(
      '<file>',
      say({ en: 'where to; compressed if its name ends in .gz', zh: '目标文件；以 .gz 结尾时压缩' }),
    )
    .addOption(dataOption(say))
    .action(
      actionOf(async ({ terminal }, file, { data }) => {
        const counts = await work(data, false, (stores) => backUp(stores, file))
        print(terminal, counts, () => `${file}: ${countsText(counts)}.\n`)
        return exitCodes.passed
      }),
    )

export const restore: AddCommand = (program, actionOf, say) =>
  program
    .command('restore')
    .description(
      say({
        en: 'write the data in a file to a service on this machine that has none yet',
        zh: '将文件中的数据写入本机尚无数据的服务',
      }),
    )
    .argument('<file>', say({ en: 'what a backup has written', zh: 'backup 写出的文件' }))
    .addOption(dataOption(say))
    .option(
      '--merge',
      say({
        en: 'also where there are data: those stay; a restore that was cut off goes on',
        zh: '已有数据时也执行：保留已有数据；中断的恢复可继续',
      }),
    )
    .action(
      actionOf(async ({ terminal }, file, { data, merge = false }) => {
        const counts = await work(data, true, (stores) => restoreFrom(stores, file, merge))
        print(terminal, counts, () => {
          const text = countsText(counts)
          return terminal.say({ en: `Restored: ${text}.\n`, zh: `已恢复：${text}。\n` })
        })
        return exitCodes.passed
      }),
    )
