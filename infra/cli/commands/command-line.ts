import { Command, CommanderError, type CommandUnknownOpts, Option } from '@commander-js/extra-typings'
import { Locale } from '../../../shared/model/message.ts'
import { accessFrom } from '../service/access.ts'
import { type Access, type RequestLimits, defaultLimits } from '../service/client.ts'
import type { ActionOf, AddCommand, CommandContext } from './command.ts'
import { CommandFailed, failureText } from '../service/command-failed.ts'
import { acknowledge } from './acknowledge.ts'
import { apply } from './apply.ts'
import { backup, restore } from './backup.ts'
import { backups, reportBackup } from './backups.ts'
import { completion } from './completion.ts'
import { deadLetters } from './dead-letters.ts'
import { doctor } from './doctor.ts'
import { exportFleet } from './export.ts'
import { gate } from './gate.ts'
import { instances } from './instances.ts'
import { last } from './last.ts'
import { protection } from './protection.ts'
import { run } from './run.ts'
import { sweep } from './sweep.ts'
import { token } from './token.ts'
import { watch } from './watch.ts'
import { parseSeconds } from './option-values.ts'
import { languageOf } from '../reports/language.ts'
import { paintFor } from '../reports/paint.ts'
import { type Output, exitCodes, outputs } from '../reports/terminal.ts'
import { version } from '../service/version.ts'

/** All commands, as the help lists them. */
const commands: readonly AddCommand[] = [
  run,
  last,
  watch,
  instances,
  apply,
  exportFleet,
  gate,
  reportBackup,
  backups,
  protection,
  sweep,
  acknowledge,
  deadLetters,
  backup,
  restore,
  token,
  doctor,
  completion,
]

/** What the command line has around it: that of the process, or what stands in for it. */
export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv
  /** Whether a person reads the output as it comes. */
  readonly isTerminal: boolean
  /** For results. */
  readonly write: (text: string) => void
  /** For what is wrong. */
  readonly writeError: (text: string) => void
  readonly ask?: CommandContext['ask']
  readonly limits?: RequestLimits
}

const closing = `
Environment:
  PRECHECK_URL    address of the service (default: http://127.0.0.1:9000)
  PRECHECK_TOKEN  its token (default: the file admin-token in its data folder)
  LANG            zh_…: what the service says is in Chinese (--lang)
  NO_COLOR        no colours

Exit codes: 0 passed, 1 warning, 2 failed, 3 inconclusive or could not run.`

const ofPrechecks = ['run', 'last', 'watch']

/** The commands that print more than text and JSON. */
const printing: Readonly<Partial<Record<Output, readonly string[]>>> = {
  html: ofPrechecks,
  junit: ofPrechecks,
  nagios: ofPrechecks,
  csv: ['instances'],
}

/** Names of the groups that a command is in, and its own. */
const wholeName = (command: CommandUnknownOpts): string =>
  command.parent?.parent ? `${wholeName(command.parent)} ${command.name()}` : command.name()

/** Before anything is done: who cannot be told what came of it must not have it done. */
const refuseOutput = (output: Output, command: string): void => {
  const able = printing[output]
  if (!able || able.includes(command)) return
  throw new CommandFailed(
    `precheck ${command} prints text or json; --output ${output} is for: ${able.join(', ')}.`,
    'USAGE',
  )
}

/** What the library says of a wrong command line, as a sentence. */
const usageText = (text: string): string =>
  text.replace(/^error: (.)/, (_, first: string) => first.toUpperCase())

/** The options that every command takes may stand before or after its name. */
const programFor = ({ environment, write, writeError, limits = defaultLimits }: Surroundings) =>
  new Command('precheck')
    .description('Finds what would make a backup fail before it runs.')
    .version(version)
    .addOption(
      new Option('-o, --output <format>', 'how results are printed').choices(outputs).default('text'),
    )
    .option('--timeout <seconds>', 'limit of each request', parseSeconds, limits.timeoutMs / 1000)
    .option('-q, --quiet', 'no progress, only what came of it', false)
    .option('--no-color', 'no colours; so does NO_COLOR in the environment')
    .addOption(
      new Option('--lang <language>', 'of what the service says')
        .choices(Locale.options)
        .default(languageOf(environment)),
    )
    .exitOverride()
    .configureOutput({
      writeOut: write,
      writeErr: writeError,
      outputError: (text, print) => print(usageText(text)),
    })
    .configureHelp({ showGlobalOptions: true, subcommandTerm: (command) => command.name() })
    .showHelpAfterError('Run it with --help for usage.')
    .addHelpText('afterAll', closing)

/**
 * Understands a command line and does what it says; `args` are without the names of Node.js and program. Resolves with
 * the exit code, and never rejects: whatever goes wrong is one sentence and the code 3.
 */
export const runCommandLine = async (
  args: readonly string[],
  surroundings: Surroundings,
): Promise<number> => {
  const { environment, isTerminal, write, writeError, ask, limits = defaultLimits } = surroundings
  let exitCode: number = exitCodes.inconclusive
  const program = programFor(surroundings)
  const actionOf: ActionOf =
    (execute) =>
    async (...given) => {
      const { output, timeout, quiet, color, lang: locale } = program.opts()
      const access = (): Access => ({
        ...accessFrom(environment),
        locale,
        limits: { ...limits, timeoutMs: timeout * 1000 },
      })
      const terminal = {
        output,
        write,
        tell: (line: string) => {
          if (output === 'text' && !quiet) write(`${line}\n`)
        },
        paint: paintFor(isTerminal && color, environment),
      }
      exitCode = await execute({ access, terminal, ...(ask && { ask }) }, ...given)
    }
  program.hook('preAction', (_, command) => refuseOutput(program.opts().output, wholeName(command)))
  for (const add of commands) add(program, actionOf)
  try {
    await program.parseAsync(args, { from: 'user' })
    return exitCode
  } catch (fault) {
    if (fault instanceof CommanderError)
      return fault.exitCode === 0 ? exitCodes.passed : exitCodes.inconclusive
    // Who runs plugins reads what they print, and nothing else.
    if (program.opts().output === 'nagios') write(`PRECHECK UNKNOWN - ${failureText(fault)}`)
    else writeError(failureText(fault))
    return exitCodes.inconclusive
  }
}
