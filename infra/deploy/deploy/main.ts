import { createInterface } from 'node:readline/promises'
import { deployCommand, destroyCommand } from './command.ts'

/** `deploy` or `destroy`, and its arguments. */
const [name, ...args] = process.argv.slice(2)
const command = name === 'destroy' ? destroyCommand : deployCommand

const exitCode = await command(args, {
  environment: process.env,
  print: (line) => void process.stdout.write(`${line}\n`),
  question: (text) => createInterface({ input: process.stdin, output: process.stdout }).question(text),
})
// Connections are kept alive; without this the process would wait for them.
process.stdout.write('', () => process.exit(exitCode))
