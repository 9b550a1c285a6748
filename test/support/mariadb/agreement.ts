import type { Operation } from '../../../shared/model/operation.ts'
import type { Outcome, Proof, Tool } from './proof.ts'
import { tools } from './proof.ts'

const names = Object.keys(tools) as Tool[]

const isWhole = (outcome: Outcome): boolean => outcome === 'works'

/** The backup ended well, so that what is wrong with it shows at its restore. */
const isBadRestore = (outcome: Outcome): boolean => outcome === 'loses' || outcome === 'no restore'

/**
 * Where a cell of the readiness table and what happened contradict each other. Ready: every tool for the operation
 * works, and what it took restores whole into an empty server. Blocked: at least one of them does not, or loses data.
 * Of restore it is the same over the backups that are not blocked themselves.
 */
export const disagreements = ({ verdicts, outcomes }: Proof): readonly string[] => {
  const ofBackups = (['full', 'incremental', 'log'] as const).flatMap((operation) => {
    const tried = names.filter((tool) => tools[tool] === operation).map((tool) => outcomes[tool])
    const isContradicted =
      (verdicts[operation] === 'ready' && !tried.every(isWhole)) ||
      (verdicts[operation] === 'blocked' && tried.every(isWhole))
    return isContradicted ? [`${operation} is ${verdicts[operation]}: ${tried.join(', ')}`] : []
  })
  const possible = names.filter((tool) => verdicts[tools[tool]] !== 'blocked')
  const isBroken =
    (verdicts.restore === 'ready' && possible.some((tool) => isBadRestore(outcomes[tool]))) ||
    (verdicts.restore === 'blocked' && names.every((tool) => isWhole(outcomes[tool])))
  return [...ofBackups, ...(isBroken ? [`restore is ${verdicts.restore}`] : [])]
}

const words: Readonly<Record<Tool, string>> = {
  dump: '`mariadb-dump`',
  physical: '`mariadb-backup`',
  increment: '`--incremental-basedir`',
  log: '`mariadb-binlog`',
}

/** The head of the table of the documentation. */
export const proofHead = [
  `| State | Full | ${words.dump} | ${words.physical} | Incremental | ${words.increment} | Log | ${words.log} | Restore |`,
  '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
] as const

/** A row of it: what the cells say, each followed by what came of the tools. */
export const proofRow = (name: string, { verdicts, outcomes }: Proof): string => {
  const cell = (operation: Operation): string => `**${verdicts[operation]}**`
  return `| ${[
    name,
    cell('full'),
    outcomes.dump,
    outcomes.physical,
    cell('incremental'),
    outcomes.increment,
    cell('log'),
    outcomes.log,
    cell('restore'),
  ].join(' | ')} |`
}
