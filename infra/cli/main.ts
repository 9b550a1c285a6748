#!/usr/bin/env node
import { text } from 'node:stream/consumers'
import { failureText } from './service/command-failed.ts'
import { runCommandLine } from './commands/command-line.ts'
import { languageIn } from './reports/language.ts'
import { exitCodes } from './reports/terminal.ts'
import { askOnTerminal } from './service/ask.ts'

const { env, stdin, stdout, stderr } = process
const args = process.argv.slice(2)
const locale = languageIn(args, env)

/** Ends the process at once, where nothing more can come of the command. */
const giveUp = (words: string): void => {
  stderr.write(words, () => process.exit(exitCodes.inconclusive))
}

process.on('uncaughtException', (fault) => giveUp(failureText(fault, (words) => words[locale])))
stdout.on('error', ({ message }) => {
  const words = { en: `The output could not be written (${message}).`, zh: `无法写出结果（${message}）。` }
  giveUp(`${words[locale]}\n`)
})
stderr.on('error', () => process.exit(exitCodes.inconclusive))

/** The first Ctrl-C ends the waiting, the second the process. */
const interrupt = new AbortController()
process.once('SIGINT', () => interrupt.abort())

process.exitCode = await runCommandLine(args, {
  environment: env,
  envFile: '.env',
  columns: stdout.isTTY ? stdout.columns : null,
  readInput: () => text(stdin),
  write: (output) => void stdout.write(output),
  writeError: (output) => void stderr.write(output),
  signal: interrupt.signal,
  ...(stdin.isTTY && { ask: askOnTerminal }),
})
