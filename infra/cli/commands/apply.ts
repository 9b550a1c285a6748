import { readFleet } from '../fleet/documents.ts'
import type { Change } from '../fleet/plan.ts'
import { planOf } from '../fleet/plan.ts'
import { type ApplyResult, applyJson, applyReport, failuresOf } from '../reports/apply-report.ts'
import { exitCodes, print } from '../reports/terminal.ts'
import { applyChanges } from '../service/apply-changes.ts'
import { CommandFailed } from '../service/command-failed.ts'
import { readFleetFiles } from '../service/fleet-files.ts'
import { readStored } from '../service/stored-fleet.ts'
import type { AddCommand, CommandContext } from './command.ts'

/** Names that a question shows. */
const shownNames = 20

/** Rejects with `CommandFailed` unless the user wants the removals. */
const confirm = async (
  changes: readonly Change[],
  ask: NonNullable<CommandContext['ask']>,
): Promise<void> => {
  const removed = changes.filter(({ action }) => action === 'remove')
  if (removed.length === 0) return
  const names = removed.slice(0, shownNames).map(({ kind, name }) => `  ${kind} ${name}\n`)
  const rest = removed.length > shownNames ? '  …\n' : ''
  if (await ask(`${names.join('')}${rest}Remove ${removed.length} that no document describes?`)) return
  throw new CommandFailed('Nothing was changed.', 'NOT_CONFIRMED')
}

/** Without changes ahead, and without failures, a fleet is as it is described. */
const exitCodeOf = (result: ApplyResult): number => {
  if (failuresOf(result) > 0) return exitCodes.failed
  return result.isDryRun && result.applied.length > 0 ? exitCodes.warning : exitCodes.passed
}

interface Options {
  readonly file: string
  readonly dryRun?: true | undefined
  readonly prune?: true | undefined
  readonly yes?: true | undefined
}

const applyFleet = async ({ access, ask }: CommandContext, options: Options): Promise<ApplyResult> => {
  const { file, dryRun: isDryRun = false, prune: isPruned = false, yes: isConfirmed = false } = options
  const isAsked = isPruned && !isDryRun && !isConfirmed
  if (isAsked && !ask)
    throw new CommandFailed('--prune asks, and nobody is there to answer. Give --yes too.', 'USAGE')
  const fleet = readFleet(await readFleetFiles(file))
  if (fleet.described.length + fleet.refused.length === 0)
    throw new CommandFailed(`${file} describes no policies, instances or webhooks.`, 'FILE_INVALID')
  const service = access()
  const stored = await readStored(service, new Set(fleet.described.map(({ kind }) => kind)))
  const { changes, refused, unchanged } = planOf(fleet, stored, isPruned)
  if (isAsked && ask) await confirm(changes, ask)
  return { isDryRun, applied: await applyChanges(service, changes, isDryRun), refused, unchanged }
}

export const apply: AddCommand = (program, actionOf) =>
  program
    .command('apply')
    .description('make policies, instances and webhooks as files describe them')
    .requiredOption('-f, --file <path>', 'file or folder (YAML or JSON), or - for stdin')
    .option('--dry-run', 'show what would change; exits with 1 if anything would')
    .option('--prune', 'also remove what no document describes; asks first')
    .option('-y, --yes', 'do not ask')
    .action(
      actionOf(async (context, options) => {
        const result = await applyFleet(context, options)
        const { terminal } = context
        print(terminal, applyJson(result), () => applyReport(result, terminal.paint))
        return exitCodeOf(result)
      }),
    )
