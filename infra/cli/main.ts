#!/usr/bin/env node
import { createInterface } from 'node:readline/promises'
import { failureText } from './service/command-failed.ts'
import { runCommandLine } from './commands/command-line.ts'
import { exitCodes } from './reports/terminal.ts'

/** Ends the process at once, where nothing more can come of the command. */
const giveUp = (text: string): void => {
  process.stderr.write(text, () => process.exit(exitCodes.inconclusive))
}

/** The question is no result: it goes where errors go. */
const ask = async (question: string): Promise<boolean> => {
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return /^y(?:es)?$/i.test((await lines.question(`${question} [y/N] `)).trim())
  } finally {
    lines.close()
  }
}

process.on('uncaughtException', (fault) => giveUp(failureText(fault)))
process.stdout.on('error', ({ message }) => giveUp(`The output could not be written (${message}).\n`))
process.stderr.on('error', () => process.exit(exitCodes.inconclusive))

process.exitCode = await runCommandLine(process.argv.slice(2), {
  environment: process.env,
  isTerminal: process.stdout.isTTY,
  write: (text) => void process.stdout.write(text),
  writeError: (text) => void process.stderr.write(text),
  ...(process.stdin.isTTY && { ask }),
})
