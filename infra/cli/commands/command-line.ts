import { CommanderError } from '@commander-js/extra-typings'
import type { Locale, Text } from '../../../shared/model/message.ts'
import { usageText } from '../reports/help.ts'
import { languageIn } from '../reports/language.ts'
import { paintFor } from '../reports/paint.ts'
import { type Output, type Say, exitCodes, jsonText } from '../reports/terminal.ts'
import { accessFrom, withEnvFile } from '../service/access.ts'
import { type Access, type RequestLimits, defaultLimits } from '../service/client.ts'
import { CommandFailed, failureDocument, failureText } from '../service/command-failed.ts'
import { interruptedCode } from '../service/request-failures.ts'
import { programWith } from './all-commands.ts'
import type { ActionOf, CommandContext } from './command.ts'

/** As shells have it: 128 and the number of the signal (SIGINT is 2). */
const interruptedExitCode = 130

const noCommand: Text = {
  en: 'No command is given. "precheck --help" lists them.',
  zh: '没有给出命令。precheck --help 可列出全部命令。',
}

/** For programs, in a command line that is not parsed to its end. */
const asksForJson = (args: readonly string[]): boolean =>
  args.some(
    (arg, at) =>
      /^(?:-o|--output=)json$/.test(arg) || /^(?:-o|--output) json$/.test(`${args[at - 1]} ${arg}`),
  )

/** What the library says of a wrong command line, as a failure like any other. */
const mistakeOf = ({ code, message }: CommanderError, locale: Locale): CommandFailed =>
  // It shows the help where there is no command.
  new CommandFailed(code === 'commander.help' ? noCommand : usageText(message, locale), 'USAGE')

/** A command line that failed, and to whom that is told. */
interface FailedCommandLine extends Pick<Surroundings, 'write' | 'writeError'> {
  readonly args: readonly string[]
  readonly output: Output
  readonly locale: Locale
}

/** Says what went wrong to people, and to programs as they read results. */
const tellFailure = (
  fault: unknown,
  { args, output, locale, write, writeError }: FailedCommandLine,
): void => {
  const say: Say = (text) => text[locale]
  const isMistake = fault instanceof CommanderError
  if (output === 'json' || (isMistake && asksForJson(args)))
    write(jsonText(failureDocument(isMistake ? mistakeOf(fault, locale) : fault, say)))
  // The library has told a mistake already.
  if (isMistake) return
  // Who runs plugins reads what they print, and nothing else.
  if (output === 'nagios') write(`PRECHECK UNKNOWN - ${failureText(fault, say)}`)
  else writeError(failureText(fault, say))
}

/** What the command line has around it: that of the process, or what stands in for it. */
export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv
  /** A file that says of the service what the environment leaves open; left out: none. */
  readonly envFile?: string
  /** Columns of the terminal where a person reads the output as it comes; null: nobody does. */
  readonly columns: number | null
  readonly readInput: CommandContext['readInput']
  /** For results. */
  readonly write: (text: string) => void
  /** For what is wrong. */
  readonly writeError: (text: string) => void
  readonly ask?: CommandContext['ask']
  readonly limits?: RequestLimits
  /** Aborted when the user wants to wait no longer. */
  readonly signal?: AbortSignal
}

/**
 * Understands a command line and does what it says; `args` are without the names of Node.js and program. Resolves with
 * the exit code, and never rejects: whatever goes wrong is one sentence and the code 3.
 */
export const runCommandLine = async (
  args: readonly string[],
  surroundings: Surroundings,
): Promise<number> => {
  const { columns, readInput, write, writeError, ask, signal, limits = defaultLimits } = surroundings
  const locale = languageIn(args, surroundings.environment)
  const say: Say = (text) => text[locale]
  let exitCode: number = exitCodes.inconclusive
  const actionOf: ActionOf =
    (execute) =>
    async (...given) => {
      const { output, timeout, quiet, color, profile } = program.opts()
      const environment = withEnvFile(surroundings.environment, surroundings.envFile)
      const requestSettings = {
        locale,
        limits: { ...limits, timeoutMs: timeout * 1000 },
        ...(signal && { signal }),
      }
      const access = (): Access => ({
        ...accessFrom(environment, profile),
        ...requestSettings,
      })
      const terminal = {
        output,
        write,
        tell: (line: string) => {
          if (output === 'text' && !quiet) write(`${line}\n`)
        },
        paint: paintFor(columns !== null && color, environment),
        say,
        width: columns ?? Number.POSITIVE_INFINITY,
      }
      exitCode = await execute(
        { access, terminal, environment, requestSettings, readInput, ...(ask && { ask }) },
        ...given,
      )
    }
  const timeoutSeconds = limits.timeoutMs / 1000
  const program = programWith({ write, writeError, columns, locale, timeoutSeconds }, actionOf)
  try {
    await program.parseAsync(args, { from: 'user' })
    return exitCode
  } catch (fault) {
    if (fault instanceof CommanderError && fault.exitCode === 0) return exitCodes.passed
    tellFailure(fault, { args, output: program.opts().output, locale, write, writeError })
    const isInterrupted = fault instanceof CommandFailed && fault.code === interruptedCode
    return isInterrupted ? interruptedExitCode : exitCodes.inconclusive
  }
}
