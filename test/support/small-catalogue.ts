import * as z from 'zod'
import type * as Catalogue from '../../shared/checks/catalogue.ts'
import { rows } from '../../shared/checks/framework/answer.ts'
import {
  type Check,
  type FindingDraft,
  defineCheck,
  defineNetworkCheck,
} from '../../shared/checks/framework/define-check.ts'
import { stepsFor } from '../../shared/checks/framework/define-step.ts'
import type { ProbeOutcome } from '../../shared/checks/judge.ts'
import { oracle } from '../../shared/checks/oracle/engine.ts'
import { sqlserver } from '../../shared/checks/sqlserver/engine.ts'
import { tsql } from '../../shared/checks/sqlserver/languages.ts'
import { isSelected } from '../../shared/model/check-selection.ts'
import { allOperations, backupOperations } from '../../shared/model/operation.ts'

const documents = ['https://manual.example/'] as const

const DatabaseRows = rows({ name: z.string(), online: z.boolean(), logged: z.boolean() })
type DatabaseRow = z.output<typeof DatabaseRows>[number]

/** What both items of SQL Server ask. */
const databases = {
  queries: { databases: { sql: 'SELECT name, online, logged FROM databases' } },
  facts: z.object({ databases: DatabaseRows }),
}

const step = stepsFor('example')
const run = step('RUN', {
  language: tsql,
  risk: 'online',
  needs: 'anybody',
  en: 'Run the example.',
  zh: '执行示例。',
  command: ({ command }: Readonly<Record<'command', string>>) => command,
})

const draft = ({ name }: DatabaseRow, command: string): Omit<FindingDraft, 'code'> => ({
  params: { database: name },
  object: { type: 'database', name },
  observed: { healthy: false },
  expected: { healthy: true },
  remediation: { steps: [run({ command })], verify: null, changes: {} },
})

const reached = defineNetworkCheck({
  id: 'ENDPOINT_REACHED',
  set: 'essential',
  title: { en: 'The endpoint is reached', zh: '可以访问端点' },
  failureTitle: { en: 'The endpoint is not reached', zh: '无法访问端点' },
  description: { en: 'Whether the endpoint is reached.', zh: '检查是否可以访问端点。' },
  affects: () => allOperations,
  texts: {},
  documents,
  fixes: [],
  endpoints: () => ({ urls: ['https://endpoint.example/'] }),
  facts: z.array(z.unknown()).min(1),
  evaluate: () => ({ findings: [] }),
})

const online = defineCheck(sqlserver, {
  id: 'DATABASES_ONLINE',
  set: 'essential',
  title: { en: 'All databases are online', zh: '所有数据库均在线' },
  failureTitle: { en: 'Databases are offline', zh: '有数据库离线' },
  description: { en: 'Whether all databases are online.', zh: '检查数据库是否在线。' },
  affects: () => allOperations,
  texts: { IS_OFFLINE: { en: '{database} is offline.', zh: '{database} 已离线。' } },
  documents,
  fixes: [run],
  privileges: ['VIEW ANY DATABASE'],
  ...databases,
  evaluate: (facts) => ({
    databases: facts.databases.map(({ name }) => name),
    findings: facts.databases
      .filter((row) => !row.online)
      .map((row) => ({
        ...draft(row, `START ${row.name};`),
        code: 'IS_OFFLINE',
        blocks: [...allOperations],
      })),
  }),
})

const logged = defineCheck(sqlserver, {
  id: 'DATABASES_LOGGED',
  set: 'essential',
  title: { en: 'All databases keep a log', zh: '所有数据库均保留日志' },
  failureTitle: { en: 'Databases keep no log', zh: '有数据库未保留日志' },
  description: { en: 'Whether all databases keep a log.', zh: '检查数据库是否保留日志。' },
  affects: () => ['log'],
  texts: { IS_NOT_LOGGED: { en: '{database} keeps no log.', zh: '{database} 未保留日志。' } },
  documents,
  fixes: [run],
  privileges: ['VIEW SERVER STATE'],
  ...databases,
  evaluate: (facts) => ({
    databases: facts.databases.map(({ name }) => name),
    findings: facts.databases
      .filter((row) => !row.logged)
      .map((row) => ({
        ...draft(row, `LOG ${row.name};`),
        code: 'IS_NOT_LOGGED',
        blocks: ['log'],
      })),
  }),
})

const open = defineCheck(oracle, {
  id: 'INSTANCE_OPEN',
  set: 'essential',
  title: { en: 'The instance is open', zh: '实例已打开' },
  failureTitle: { en: 'The instance is not open', zh: '实例未打开' },
  description: { en: 'Whether the instance is open.', zh: '检查实例是否已打开。' },
  affects: () => backupOperations,
  texts: {},
  documents,
  fixes: [],
  queries: { instances: { sql: 'SELECT status FROM instances' } },
  privileges: [],
  facts: z.object({ instances: rows({ status: z.string() }) }),
  evaluate: () => ({ findings: [] }),
})

const catalogue: readonly Check[] = [reached, online, logged, open]

/**
 * The module of the catalogue with four items of the tests in place of its own, for tests of what is done with items,
 * whichever these are: it is to be mocked by this.
 */
export const smallCatalogue = ({ engines }: typeof Catalogue): typeof Catalogue => ({
  engines,
  catalogue,
  findCheck: (id) => catalogue.find((check) => check.id === id),
  essentialRights: (name) =>
    new Set(catalogue.flatMap(({ engine, privileges }) => (engine === name ? privileges : []))),
  selectedChecks: (definition) =>
    catalogue.filter(
      (check) =>
        (check.engine === 'all' || check.engine === definition.engine) &&
        isSelected(check, definition.checks),
    ),
  checksFor: (name) => catalogue.filter(({ engine }) => engine === 'all' || engine === name),
})

/** Ids of its items, by what they say. */
export const itemIds = { reached: reached.id, online: online.id, logged: logged.id, ofOracle: open.id }

/** What a SQL Server with these databases brings back, online and logged but for the changes. */
export const databasesAnswer = (
  ...names: readonly (readonly [name: string, changes?: Partial<Omit<DatabaseRow, 'name'>>])[]
): ProbeOutcome => ({
  answer: { databases: names.map(([name, changes]) => ({ name, online: true, logged: true, ...changes })) },
})

/** What the endpoint brings back. */
export const reachedAnswer: ProbeOutcome = { answer: ['reached'] }
