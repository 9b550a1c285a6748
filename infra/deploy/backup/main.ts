import { backupCommand } from './command.ts'

const exitCode = await backupCommand(process.argv.slice(2), process.env, (line) => {
  process.stdout.write(`${line}\n`)
})
// Connections are kept alive; without this the process would wait for them.
process.stdout.write('', () => process.exit(exitCode))
