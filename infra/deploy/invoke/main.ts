import { invokeCommand } from './command.ts'

const exitCode = await invokeCommand(process.argv.slice(2), process.env, {
  out: (content) => void process.stdout.write(content),
  note: (line) => void process.stderr.write(`${line}\n`),
})
// The client leaves the socket of a call that it gave up open; without this the process would wait for it.
process.stdout.write('', () => process.exit(exitCode))
