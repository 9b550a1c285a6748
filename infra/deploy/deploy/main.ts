import { createInterface } from 'node:readline/promises'
import { deployCommand, destroyCommand, rollbackCommand } from './command.ts'

const commands: Readonly<Record<string, typeof deployCommand>> = {
  destroy: destroyCommand,
  rollback: rollbackCommand,
}

/** `deploy` or the name of another one, and its arguments. */
const [name = '', ...args] = process.argv.slice(2)
const command = commands[name] ?? deployCommand

const exitCode = await command(args, {
  environment: process.env,
  print: (line) => void process.stdout.write(`${line}\n`),
  question: (text) => createInterface({ input: process.stdin, output: process.stdout }).question(text),
})
// Connections are kept alive; without this the process would wait for them.
process.stdout.write('', () => process.exit(exitCode))
