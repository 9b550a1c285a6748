import { exitCodes, print } from '../reports/terminal.ts'
import { doctorReport } from '../reports/doctor-report.ts'
import { findingsOf, worstOf } from '../service/doctor.ts'
import type { AddCommand } from './command.ts'

export const doctor: AddCommand = (program, actionOf, say) =>
  program
    .command('doctor')
    .description(
      say({
        en: 'look at the service, its version and clock, the token and the data folder',
        zh: '检查服务及其版本和时钟、令牌和数据目录',
      }),
    )
    .option(
      '--data <folder>',
      say({ en: 'data folder of a service on this machine', zh: '本机服务的数据目录' }),
      'data',
    )
    .action(
      actionOf(async ({ access, terminal }, { data }) => {
        const findings = await findingsOf(access, data)
        const told = findings.map((each) => ({ ...each, part: each.part.en, text: terminal.say(each.text) }))
        print(terminal, told, () => doctorReport(findings, terminal))
        return exitCodes[worstOf(findings)]
      }),
    )
