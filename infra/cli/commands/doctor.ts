import { exitCodes, print } from '../reports/terminal.ts'
import { doctorReport } from '../reports/doctor-report.ts'
import { findingsOf, worstOf } from '../service/doctor.ts'
import type { AddCommand } from './command.ts'

export const doctor: AddCommand = (program, actionOf) =>
  program
    .command('doctor')
    .description('look at the service, its version and clock, the token and the data folder')
    .option('--data <folder>', 'data folder of a service on this machine', 'data')
    .action(
      actionOf(async ({ access, terminal }, { data }) => {
        const findings = await findingsOf(access, data)
        print(terminal, findings, () => doctorReport(findings, terminal.paint))
        return exitCodes[worstOf(findings)]
      }),
    )
