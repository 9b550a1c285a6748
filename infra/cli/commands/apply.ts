import { readFleet } from '../fleet/documents.ts'
import type { Change } from '../fleet/plan.ts'
import { planOf } from '../fleet/plan.ts'
import { type ApplyResult, applyJson, applyReport, failuresOf } from '../reports/apply-report.ts'
import { type Say, exitCodes, print } from '../reports/terminal.ts'
import { applyChanges } from '../service/apply-changes.ts'
import { CommandFailed } from '../service/command-failed.ts'
import { readFleetFiles } from '../service/fleet-files.ts'
import { readStored } from '../service/stored-fleet.ts'
import type { AddCommand, Ask, CommandContext } from './command.ts'

/** Names that a question shows. */
const shownNames = 20

/** Rejects with `CommandFailed` unless the user wants the removals. */
const confirm = async (changes: readonly Change[], ask: Ask, say: Say): Promise<void> => {
  const removed = changes.filter(({ action }) => action === 'remove')
  if (removed.length === 0) return
  const names = removed.slice(0, shownNames).map(({ kind, name }) => `  ${kind} ${name}\n`)
  const rest = removed.length > shownNames ? '  …\n' : ''
  const question = {
    en: `Remove ${removed.length} that no document describes?`,
    zh: `移除 ${removed.length} 个没有文档描述的对象？`,
  }
  const answer = await ask(`${names.join('')}${rest}${say(question)} [y/N] `, false)
  if (/^y(?:es)?$/i.test(answer.trim())) return
  throw new CommandFailed({ en: 'Nothing was changed.', zh: '未作任何更改。' }, 'NOT_CONFIRMED')
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

const applyFleet = async (
  { access, ask, terminal, readInput }: CommandContext,
  options: Options,
): Promise<ApplyResult> => {
  const { file, dryRun: isDryRun = false, prune: isPruned = false, yes: isConfirmed = false } = options
  const isAsked = isPruned && !isDryRun && !isConfirmed
  if (isAsked && !ask)
    throw new CommandFailed(
      {
        en: '--prune asks, and nobody is there to answer. Give --yes too.',
        zh: '--prune 需要确认，但当前无人应答。请同时给出 --yes。',
      },
      'USAGE',
    )
  const fleet = readFleet(await readFleetFiles(file, readInput))
  if (fleet.described.length + fleet.refused.length === 0)
    throw new CommandFailed(
      {
        en: `${file} describes no policies, instances or webhooks.`,
        zh: `${file} 没有描述任何策略、实例或 Webhook。`,
      },
      'FILE_INVALID',
    )
  const service = access()
  const stored = await readStored(service, new Set(fleet.described.map(({ kind }) => kind)))
  const { changes, refused, unchanged } = planOf(fleet, stored, isPruned)
  if (isAsked && ask) await confirm(changes, ask, terminal.say)
  return { isDryRun, applied: await applyChanges(service, changes, isDryRun), refused, unchanged }
}

export const apply: AddCommand = (program, actionOf, say) =>
  program
    .command('apply')
    .description(
      say({
        en: 'make policies, instances and webhooks as files describe them',
        zh: '使策略、实例和 Webhook 与文件描述一致',
      }),
    )
    .requiredOption(
      '-f, --file <path>',
      say({
        en: 'file or folder (YAML or JSON; a .csv file lists instances), or - for stdin',
        zh: '文件或目录（YAML 或 JSON；.csv 文件为实例列表），- 表示标准输入',
      }),
    )
    .option(
      '--dry-run',
      say({
        en: 'show what would change; exits with 1 if anything would',
        zh: '只显示将发生的变化；有变化时退出码为 1',
      }),
    )
    .option(
      '--prune',
      say({
        en: 'also remove what no document describes; asks first',
        zh: '同时移除没有文档描述的对象；会先确认',
      }),
    )
    .option('-y, --yes', say({ en: 'do not ask', zh: '不再确认' }))
    .action(
      actionOf(async (context, options) => {
        const result = await applyFleet(context, options)
        const { terminal } = context
        print(terminal, applyJson(result), () => applyReport(result, terminal))
        return exitCodeOf(result)
      }),
    )
