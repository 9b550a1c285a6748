import { CommanderError } from '@commander-js/extra-typings'
import { languageIn } from '../reports/language.ts'
import { paintFor } from '../reports/paint.ts'
import { type Say, exitCodes } from '../reports/terminal.ts'
import { accessFrom, withEnvFile } from '../service/access.ts'
import { type Access, type RequestLimits, defaultLimits } from '../service/client.ts'
import { CommandFailed, failureText } from '../service/command-failed.ts'
import { interruptedCode } from '../service/request-failures.ts'
import { programWith } from './all-commands.ts'
import type { ActionOf, CommandContext } from './command.ts'

/** As shells have it: 128 and the number of the signal (SIGINT is 2). */
const interruptedExitCode = 130

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
    if (fault instanceof CommanderError)
      return fault.exitCode === 0 ? exitCodes.passed : exitCodes.inconclusive
    // Who runs plugins reads what they print, and nothing else.
    if (program.opts().output === 'nagios') write(`PRECHECK UNKNOWN - ${failureText(fault, say)}`)
    else writeError(failureText(fault, say))
    const isInterrupted = fault instanceof CommandFailed && fault.code === interruptedCode
    return isInterrupted ? interruptedExitCode : exitCodes.inconclusive
  }
}
