import { PrecheckView } from '../../../functions/api/views/precheck-view.ts'
import { exitCodes, print } from '../reports/terminal.ts'
import { type Access, readAs, send } from '../service/client.ts'
import { writeNew } from '../service/file-text.ts'
import { instancePath, precheckPath, withQuery } from '../service/paths.ts'
import type { AddCommand } from './command.ts'

/** The id of a precheck, or of the last result of an instance. */
const precheckIdOf = async (access: Access, id: string): Promise<string> =>
  id.startsWith('pc_')
    ? id
    : (await send(access, { method: 'GET', path: `${instancePath(id)}/prechecks/last` }, PrecheckView)).id

export const remediation: AddCommand = (program, actionOf, say) =>
  program
    .command('remediation')
    .description(
      say({
        en: 'print the commands that fix what was found, as one script with the risk of each',
        zh: '输出修复所有检查结果的脚本，并注明每一步的风险',
      }),
    )
    .argument(
      '<id>',
      say({
        en: 'of a precheck (pc_…), or of an instance: its last result',
        zh: '预检 ID（pc_…），或实例 ID（取上次结果）',
      }),
    )
    .option('--database <name>', say({ en: 'only for this one', zh: '只修复该数据库' }))
    .option('--output-file <path>', say({ en: 'write it to a new file', zh: '写入一个新文件' }))
    .action(
      actionOf(async ({ access, terminal }, id, { database, outputFile }) => {
        const service = access()
        const precheckId = await precheckIdOf(service, id)
        const path = withQuery(`${precheckPath(precheckId)}/remediation.sql`, { database })
        const { text: script } = await readAs(service, path, 'application/sql')
        if (outputFile === undefined) {
          print(terminal, { precheckId, script }, (shown) => shown.script)
          return exitCodes.passed
        }
        writeNew(outputFile, script)
        const written = { en: `${outputFile} is written.\n`, zh: `已写入 ${outputFile}。\n` }
        print(terminal, { precheckId, file: outputFile }, () => terminal.say(written))
        return exitCodes.passed
      }),
    )
