import * as z from 'zod'
import { Identities, maxIdentified } from '../../model/identity.ts'
import {
  type Break,
  Inventory,
  type InventoryChanges,
  followInventory,
  goneDays,
} from '../../model/inventory.ts'
import { Observation } from '../../model/observation.ts'
import { type Operation, allOperations } from '../../model/operation.ts'
import { type CheckContext, type FindingDraft, defineMemoryCheck } from '../framework/define-check.ts'
import { memorySteps as steps } from './steps.ts'

const texts = {
  INSTANCE_REPLACED: {
    en: 'Another database answers at the address of the instance: its identifier is {after}, and was {before}. Incremental and log backups cannot follow on from the backups of the one before.',
    zh: '该实例的地址上是另一个数据库：其标识为 {after}，之前为 {before}。增量和日志备份无法接续之前数据库的备份。',
  },
  INSTANCE_RENAMED: {
    en: 'The server calls itself {after}, and was {before}: it was renamed, or is another one. Backup tools may not find the backups on which incremental and log backups are based.',
    zh: '服务器名称为 {after}，之前为 {before}：服务器已改名，或已是另一台服务器。备份工具可能找不到增量和日志备份所依据的备份。',
  },
  INSTANCE_FORKED: {
    en: 'The database went back in time (RESETLOGS at {after}, before at {before}). Until a full backup, incremental and log backups depend on backups from before that.',
    zh: '数据库已回退到过去的时间点（RESETLOGS 位于 {after}，之前位于 {before}）。在执行全量备份之前，增量和日志备份依赖此前的备份。',
  },
  DATABASE_RECREATED: {
    en: '{database} is another database than before under the same name: it was created, attached or restored anew. Its chain of backups begins with the next full backup.',
    zh: '{database} 与之前的同名数据库不是同一个：它被重新创建、附加或还原。其备份链从下一次全量备份开始。',
  },
  DATABASE_FORKED: {
    en: '{database} was restored over, and goes on from another point in time. Its chain of backups begins with the next full backup.',
    zh: '{database} 已被还原覆盖，从另一时间点继续。其备份链从下一次全量备份开始。',
  },
  DATABASE_GONE: {
    en: '{database} is not there any more. A backup plan that names it fails; this is said for {days} days.',
    zh: '{database} 已不存在。包含它的备份计划会失败；此提示保留 {days} 天。',
  },
  DATABASE_NEW: {
    en: '{database} is new since the last precheck. See that a backup plan takes it.',
    zh: '{database} 是上次预检之后新增的数据库。请确认备份计划已包含它。',
  },
  DATABASES_CHANGED: {
    en: 'Some of the {count} databases are new, gone or not the same any more; which of them is not followed.',
    zh: '{count} 个数据库中有新增、消失或已不同的数据库；未跟踪具体是哪些。',
  },
  TOO_MANY_DATABASES: {
    en: 'The instance has {count} databases. Of more than {limit} it is not followed which are new, gone or created again.',
    zh: '该实例有 {count} 个数据库。超过 {limit} 个时，不跟踪哪些数据库是新增、消失或重新创建的。',
  },
} as const
type Code = keyof typeof texts
type Draft = FindingDraft<Code>

/** Shape of what is judged: what is remembered, what is seen now, and what was observed of backups. */
const Facts = z.object({
  known: Inventory.nullable(),
  seen: Identities,
  /** Start of the precheck, UTC. */
  at: z.iso.datetime(),
  observations: z.array(Observation),
})
type Facts = z.output<typeof Facts>

const onBase: readonly Operation[] = ['incremental', 'log']

/** What each break is called, and what it does until a full backup. */
const breaks: Readonly<Record<Break, { readonly code: Code } & Pick<Draft, 'blocks' | 'degrades'>>> = {
  replaced: { code: 'INSTANCE_REPLACED', blocks: [...onBase] },
  renamed: { code: 'INSTANCE_RENAMED', degrades: [...onBase] },
  'instance-forked': { code: 'INSTANCE_FORKED', degrades: [...onBase] },
  recreated: { code: 'DATABASE_RECREATED', degrades: [...onBase] },
  forked: { code: 'DATABASE_FORKED', degrades: [...onBase] },
}

const ofInstance = (broken: NonNullable<InventoryChanges['broken']>, instanceId: string): Draft => {
  const { by, before, after, since } = broken
  const isAnother = by === 'replaced' || by === 'renamed'
  return {
    ...breaks[by],
    params: { before, after },
    object: { type: 'instance', name: instanceId },
    observed: { identity: after, since },
    expected: { identity: before },
    remediation: {
      steps: [...(isAnother ? [steps.registerAgain({})] : []), steps.takeFullOfAll({})],
      verify: null,
      changes: {},
    },
  }
}

const draftsOf = (changes: InventoryChanges, { seen }: Facts, instanceId: string): Draft[] => {
  const on = (name: string) => ({ params: { database: name }, object: { type: seen.type, name } as const })
  const instance = { type: 'instance', name: instanceId } as const
  const { count } = seen
  return [
    ...(changes.broken ? [ofInstance(changes.broken, instanceId)] : []),
    ...changes.brokenDatabases.map(({ by, database, before, after, since }): Draft => ({
      ...on(database),
      ...breaks[by],
      observed: { identity: after, since },
      expected: { identity: before },
      remediation: { steps: [steps.takeFull({ database })], verify: null, changes: {} },
    })),
    ...changes.gone.map(({ identity: [database], since }): Draft => {
      const { object } = on(database)
      return {
        object,
        code: 'DATABASE_GONE',
        params: { database, days: goneDays },
        observed: { exists: false, since },
        expected: { exists: true },
        degrades: [...allOperations],
        remediation: { steps: [steps.takeOutOfPlans({ database })], verify: null, changes: {} },
      }
    }),
    ...changes.fresh.map((name): Draft => ({
      ...on(name),
      code: 'DATABASE_NEW',
      observed: { exists: true },
      expected: {},
    })),
    ...(changes.isOther
      ? [
          {
            code: 'DATABASES_CHANGED',
            params: { count },
            object: instance,
            observed: { count },
            expected: {},
          } as const,
        ]
      : []),
    ...(changes.isTooLarge
      ? [
          {
            code: 'TOO_MANY_DATABASES',
            params: { count, limit: maxIdentified },
            object: instance,
            observed: { count },
            expected: { count: `at most ${maxIdentified}` },
          } as const,
        ]
      : []),
  ]
}

/**
 * Verifies that the instance and its databases are those of the last full precheck. A server that is renamed, a
 * database that is created again under its name or restored over begins another chain: what follows on from the backups
 * of the one before is of no use, or fails, until a full backup. What is said stays until that is seen.
 */
export default defineMemoryCheck({
  id: 'DATABASE_INVENTORY',
  set: 'standard',
  title: { en: 'The instance and its databases are the same as before', zh: '实例及其数据库与之前一致' },
  failureTitle: {
    en: 'The instance or some databases are not the same as before',
    zh: '实例或部分数据库与之前不一致',
  },
  description: {
    en: 'Compares the instance and its databases with those of the last precheck. If the check fails, plans may name databases that are gone, or go on from backups of another database.',
    zh: '将实例及其数据库与上次预检进行比较。如果未通过，备份计划可能包含已不存在的数据库，或接续了另一个数据库的备份。',
  },
  affects: () => allOperations,
  texts,
  fixes: [steps.registerAgain, steps.takeFull, steps.takeFullOfAll, steps.takeOutOfPlans],
  documents: [
    'https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-database-recovery-status-transact-sql',
    'https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-databases-transact-sql',
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-DATABASE.html',
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-PDBS.html',
    'https://dev.mysql.com/doc/refman/8.4/en/replication-options.html',
  ],
  facts: Facts,
  evaluate: (facts, { target }: CheckContext) => {
    const { known, seen, at, observations } = facts
    const { changes } = followInventory(known, seen, at, observations)
    return {
      findings: draftsOf(changes, facts, target.instanceId),
      observed: { databases: seen.count, compared_with: known === null ? null : known.seen.count },
    }
  },
})
