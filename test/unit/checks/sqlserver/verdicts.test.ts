import { describe, expect, it } from 'vitest'
import simple from '../../../../shared/checks/sqlserver/sql-server-db-in-simple-recovery-mode.ts'
import online from '../../../../shared/checks/sqlserver/sql-server-db-not-online.ts'
import { database, systemDatabases } from '../../../emulators/sqlserver/catalogue-answers.ts'
import { contextFor, judged } from '../../../support/context.ts'

type Row = Readonly<Record<string, unknown>>

interface Facts {
  readonly db?: Row
  readonly role?: string
  readonly replicas?: null
  readonly shipped?: readonly string[] | null
  readonly server?: Row
  readonly others?: readonly Row[]
  readonly instance?: Row
}

/** What a probe brings back from a server with the system databases and one more, `Sales`. */
const answerOf = ({
  db = {},
  role,
  replicas,
  shipped = [],
  server = {},
  others = systemDatabases,
}: Facts) => ({
  server: [{ product_version: '16.0.4135.4', engine_edition: 3, view_any_database: 1, ...server }],
  databases: [...others, database(5, 'Sales', db as Parameters<typeof database>[2])],
  replicas: replicas === null ? null : role === undefined ? [] : [{ database_id: 5, role_desc: role }],
  logShipping: shipped === null ? null : shipped.map((name) => ({ name })),
})

const states = 'learn.microsoft.com/sql/relational-databases/databases/database-states'
const models = 'learn.microsoft.com/sql/relational-databases/backup-restore/recovery-models-sql-server'
const catalogView =
  'learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-databases-transact-sql'
const secondaries =
  'learn.microsoft.com/sql/database-engine/availability-groups/windows/active-secondaries-backup-on-secondary-replicas-always-on-availability-groups'
const mirroring =
  'learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-database-mirroring-transact-sql'
const shipping = 'learn.microsoft.com/sql/database-engine/log-shipping/about-log-shipping-sql-server'
const cloudBackup = 'alibabacloud.com/help/cloud-backup: Precheck an ECS-hosted SQL Server instance'
const permissions =
  'learn.microsoft.com/sql/relational-databases/security/authentication-access/metadata-visibility-configuration'

const ag = { replica_id: '6f9619ff-8b86-d011-b42d-00c04fc964ff' }
const all = 'full,incremental,log,restore'
const backups = 'full,incremental,log'
const none = ''

/** what · facts · status · code of the finding on Sales · effect=operations · manual */
type Verdict = readonly [
  what: string,
  facts: Facts,
  status: string,
  code: string | null,
  effect: string,
  manual: string,
]

const notOnline: readonly Verdict[] = [
  ['ONLINE', {}, 'passed', null, none, states],
  ['OFFLINE', { db: { state_desc: 'OFFLINE' } }, 'failed', 'OFFLINE', `blocks=${all}`, states],
  ['RESTORING', { db: { state_desc: 'RESTORING' } }, 'failed', 'RESTORING', `blocks=${all}`, states],
  [
    'RECOVERING',
    { db: { state_desc: 'RECOVERING' } },
    'warning',
    'TRANSIENT_STATE',
    `degrades=${all}`,
    states,
  ],
  [
    'COPYING',
    { db: { state_desc: 'COPYING' } },
    'warning',
    'TRANSIENT_STATE',
    `degrades=${all}`,
    catalogView,
  ],
  [
    'RECOVERY_PENDING',
    { db: { state_desc: 'RECOVERY_PENDING' } },
    'failed',
    'RECOVERY_PENDING',
    `blocks=${all}`,
    states,
  ],
  ['SUSPECT', { db: { state_desc: 'SUSPECT' } }, 'failed', 'SUSPECT', `blocks=${all}`, states],
  ['EMERGENCY', { db: { state_desc: 'EMERGENCY' } }, 'failed', 'EMERGENCY', `blocks=${all}`, states],
  [
    'OFFLINE_SECONDARY',
    { db: { state_desc: 'OFFLINE_SECONDARY' } },
    'failed',
    'OFFLINE_SECONDARY',
    `blocks=${all}`,
    catalogView,
  ],
  [
    'a state nobody knows',
    { db: { state_desc: 'MELTING' } },
    'error',
    'STATE_UNKNOWN',
    `obscures=${all}`,
    catalogView,
  ],
  ['no state', { db: { state_desc: null } }, 'error', 'STATE_UNKNOWN', `obscures=${all}`, catalogView],
  [
    'STANDBY without log shipping',
    { db: { is_in_standby: true } },
    'failed',
    'STANDBY',
    `blocks=${all}`,
    catalogView,
  ],
  [
    'SINGLE_USER',
    { db: { user_access_desc: 'SINGLE_USER' } },
    'warning',
    'SINGLE_USER',
    `degrades=${all}`,
    catalogView,
  ],
  ['RESTRICTED_USER', { db: { user_access_desc: 'RESTRICTED_USER' } }, 'passed', null, none, catalogView],
  ['read-only', { db: { is_read_only: true } }, 'passed', null, none, catalogView],
  ['AG primary', { db: ag, role: 'PRIMARY' }, 'passed', null, none, secondaries],
  [
    'AG secondary of 2022',
    { db: ag, role: 'SECONDARY' },
    'passed',
    'AG_SECONDARY',
    'limits=incremental',
    secondaries,
  ],
  [
    'AG secondary of 2025',
    { db: ag, role: 'SECONDARY', server: { product_version: '17.0.700.9' } },
    'passed',
    'AG_SECONDARY',
    none,
    secondaries,
  ],
  [
    'AG secondary, RESTORING',
    { db: { ...ag, state_desc: 'RESTORING' }, role: 'SECONDARY' },
    'passed',
    'SECONDARY',
    `limits=${backups}`,
    secondaries,
  ],
  [
    'AG secondary, SUSPECT',
    { db: { ...ag, state_desc: 'SUSPECT' }, role: 'SECONDARY' },
    'failed',
    'SUSPECT',
    `blocks=${all}`,
    secondaries,
  ],
  [
    'AG secondary, RECOVERING',
    { db: { ...ag, state_desc: 'RECOVERING' }, role: 'SECONDARY' },
    'warning',
    'TRANSIENT_STATE',
    `degrades=${all}`,
    secondaries,
  ],
  ['AG resolving', { db: ag, role: 'RESOLVING' }, 'failed', 'AG_RESOLVING', `blocks=${all}`, secondaries],
  [
    'AG primary, OFFLINE',
    { db: { ...ag, state_desc: 'OFFLINE' }, role: 'PRIMARY' },
    'failed',
    'OFFLINE',
    `blocks=${all}`,
    secondaries,
  ],
  ['AG, role not readable, ONLINE', { db: ag, replicas: null }, 'passed', null, none, permissions],
  [
    'AG, role not readable, RESTORING',
    { db: { ...ag, state_desc: 'RESTORING' }, replicas: null },
    'error',
    'ROLE_UNKNOWN',
    `obscures=${all}`,
    permissions,
  ],
  [
    'mirror, RESTORING',
    { db: { state_desc: 'RESTORING', mirroring_role_desc: 'MIRROR' } },
    'passed',
    'SECONDARY',
    `limits=${backups}`,
    mirroring,
  ],
  ['mirroring principal', { db: { mirroring_role_desc: 'PRINCIPAL' } }, 'passed', null, none, mirroring],
  [
    'mirroring principal, RESTORING',
    { db: { state_desc: 'RESTORING', mirroring_role_desc: 'PRINCIPAL' } },
    'failed',
    'RESTORING',
    `blocks=${all}`,
    mirroring,
  ],
  [
    'log-shipping secondary, RESTORING',
    { db: { state_desc: 'RESTORING' }, shipped: ['Sales'] },
    'passed',
    'SECONDARY',
    `limits=${backups}`,
    shipping,
  ],
  [
    'log-shipping secondary, STANDBY',
    { db: { is_in_standby: true }, shipped: ['Sales'] },
    'passed',
    'SECONDARY',
    `limits=${backups}`,
    shipping,
  ],
  [
    'RESTORING, log shipping of another database',
    { db: { state_desc: 'RESTORING' }, shipped: ['Other'] },
    'failed',
    'RESTORING',
    `blocks=${all}`,
    shipping,
  ],
  [
    'RESTORING, log shipping not readable',
    { db: { state_desc: 'RESTORING' }, shipped: null },
    'error',
    'ROLE_UNKNOWN',
    `obscures=${all}`,
    permissions,
  ],
  [
    'STANDBY, log shipping not readable',
    { db: { is_in_standby: true }, shipped: null },
    'error',
    'ROLE_UNKNOWN',
    `obscures=${all}`,
    permissions,
  ],
  ['ONLINE, log shipping not readable', { shipped: null }, 'passed', null, none, permissions],
  [
    'database snapshot',
    { db: { source_database_id: 3, state_desc: 'OFFLINE' } },
    'passed',
    null,
    none,
    catalogView,
  ],
]

const recoveryModel: readonly Verdict[] = [
  ['FULL', {}, 'passed', null, none, models],
  ['BULK_LOGGED', { db: { recovery_model_desc: 'BULK_LOGGED' } }, 'passed', null, none, models],
  [
    'SIMPLE',
    { db: { recovery_model_desc: 'SIMPLE' } },
    'failed',
    'RECOVERY_MODEL_SIMPLE',
    'blocks=incremental,log',
    cloudBackup,
  ],
  [
    'SIMPLE, native',
    { db: { recovery_model_desc: 'SIMPLE' }, instance: { profile: 'native' } },
    'failed',
    'RECOVERY_MODEL_SIMPLE',
    'blocks=log',
    models,
  ],
  [
    'SIMPLE, only full backups planned',
    { db: { recovery_model_desc: 'SIMPLE' }, instance: { operations: ['full', 'restore'] } },
    'warning',
    'RECOVERY_MODEL_SIMPLE',
    'blocks=incremental,log',
    cloudBackup,
  ],
  [
    'SIMPLE, native, incremental planned',
    { db: { recovery_model_desc: 'SIMPLE' }, instance: { profile: 'native', operations: ['incremental'] } },
    'warning',
    'RECOVERY_MODEL_SIMPLE',
    'blocks=log',
    models,
  ],
  [
    'a model nobody knows',
    { db: { recovery_model_desc: 'HALF' } },
    'error',
    'RECOVERY_MODEL_UNKNOWN',
    'obscures=incremental,log',
    catalogView,
  ],
  [
    'no model',
    { db: { recovery_model_desc: null } },
    'error',
    'RECOVERY_MODEL_UNKNOWN',
    'obscures=incremental,log',
    catalogView,
  ],
  ['read-only and FULL', { db: { is_read_only: true } }, 'passed', 'READ_ONLY', none, catalogView],
  [
    'read-only and SIMPLE',
    { db: { is_read_only: true, recovery_model_desc: 'SIMPLE' } },
    'failed',
    'RECOVERY_MODEL_SIMPLE',
    'blocks=incremental,log',
    models,
  ],
  [
    'SIMPLE and OFFLINE',
    { db: { recovery_model_desc: 'SIMPLE', state_desc: 'OFFLINE' } },
    'failed',
    'RECOVERY_MODEL_SIMPLE',
    'blocks=incremental,log',
    catalogView,
  ],
  ['AG secondary', { db: ag, role: 'SECONDARY' }, 'passed', 'MODEL_OF_PRIMARY', none, secondaries],
  ['AG primary', { db: ag, role: 'PRIMARY' }, 'passed', null, none, secondaries],
  [
    'AG secondary that shows SIMPLE',
    { db: { ...ag, recovery_model_desc: 'SIMPLE' }, role: 'SECONDARY' },
    'passed',
    'MODEL_OF_PRIMARY',
    none,
    secondaries,
  ],
  [
    'mirror that shows SIMPLE',
    { db: { mirroring_role_desc: 'MIRROR', recovery_model_desc: 'SIMPLE' } },
    'passed',
    'MODEL_OF_PRIMARY',
    none,
    mirroring,
  ],
  [
    'log-shipping secondary that shows SIMPLE',
    { db: { is_in_standby: true, recovery_model_desc: 'SIMPLE' }, shipped: ['Sales'] },
    'passed',
    'MODEL_OF_PRIMARY',
    none,
    shipping,
  ],
  [
    'snapshot that shows SIMPLE',
    { db: { source_database_id: 3, recovery_model_desc: 'SIMPLE' } },
    'passed',
    null,
    none,
    catalogView,
  ],
]

const effectOf = (finding: Readonly<Record<string, unknown>> | undefined): string =>
  ['blocks', 'degrades', 'obscures', 'limits']
    .flatMap((list) => {
      const operations = finding?.[list] as readonly string[] | undefined
      return operations?.length ? [`${list}=${operations.join(',')}`] : []
    })
    .join(' ')

describe.each([
  ['SQL_SERVER_DB_NOT_ONLINE', online, notOnline],
  ['SQL_SERVER_DB_IN_SIMPLE_RECOVERY_MODE', simple, recoveryModel],
] as const)('%s', (_, check, verdicts) => {
  it.each(verdicts)('judges a database that is %s', (_what, facts, status, code, effect) => {
    const result = judged(check, { answer: answerOf(facts) }, contextFor('sqlserver', facts.instance))
    const finding = result.findings.find(({ object }) => object.name === 'Sales')
    expect([result.status, finding?.message.code ?? null, effectOf(finding)]).toEqual([status, code, effect])
  })

  it.each([
    ['no database at all', { ...answerOf({}), databases: [] }],
    ['no server row', { ...answerOf({}), server: [] }],
    ['null', null],
    ['rows of another shape', { ...answerOf({}), databases: [{ name: 'Sales' }] }],
  ])('never passes on %s', (_what, answer) => {
    const { status, reason } = judged(check, { answer }, contextFor('sqlserver'))
    expect([status, reason?.code]).toEqual(['error', 'UNEXPECTED_ANSWER'])
  })

  it.each([
    ['a login that may not see all databases', { view_any_database: 0 }, 'COVERAGE_LIMITED'],
    ['a login of which that is unknown', { view_any_database: null }, 'COVERAGE_LIMITED'],
    ['a managed service', { engine_edition: 8 }, 'NOT_ON_ECS'],
  ])('does not pass for %s', (_what, server, code) => {
    const result = judged(check, { answer: answerOf({ server }) }, contextFor('sqlserver'))
    expect([result.status, result.findings[0]?.message.code]).toEqual(['error', code])
  })

  it('fails for a required database that is not there', () => {
    const context = contextFor('sqlserver', { requiredDatabases: ['Sales', 'Payroll'] })
    const { status, findings } = judged(check, { answer: answerOf({}) }, context)
    expect([status, findings.find(({ object }) => object.name === 'Payroll')?.message.code]).toEqual([
      'failed',
      'REQUIRED_DATABASE_MISSING',
    ])
  })

  it('leaves tempdb and snapshots out, and says why', () => {
    const facts = answerOf({ db: { source_database_id: 3 } })
    const { excluded, databases } = judged(check, { answer: facts }, contextFor('sqlserver'))
    expect(excluded).toEqual([
      { name: 'tempdb', reason: { code: 'TEMPDB', params: {} } },
      { name: 'Sales', reason: { code: 'SNAPSHOT', params: {} } },
    ])
    expect(databases).toEqual(['master', 'model', 'msdb'])
  })
})

describe('system databases', () => {
  const findingOn = (name: string, instance: Row = {}, others: readonly Row[] = systemDatabases) =>
    judged(simple, { answer: answerOf({ others }) }, contextFor('sqlserver', instance)).findings.find(
      ({ object }) => object.name === name,
    )

  it('notes that master takes full backups only, which Cloud Backup converts to', () => {
    expect(findingOn('master')).toMatchObject({
      level: 'note',
      message: { code: 'MASTER_FULL_ONLY' },
      limits: [],
    })
  })

  it('limits master to full backups natively, where nobody converts', () => {
    expect(findingOn('master', { profile: 'native' })).toMatchObject({
      level: 'note',
      limits: ['incremental', 'log'],
    })
  })

  it('notes that msdb is SIMPLE from setup, and fails it only where the plan names log backup', () => {
    expect(findingOn('msdb')).toMatchObject({ level: 'note', limits: ['incremental', 'log'] })
    expect(findingOn('msdb', { operations: ['full', 'log'] })).toMatchObject({ level: 'failed' })
  })

  it('judges model like a user database, since new databases take after it', () => {
    const others = systemDatabases.map((row) =>
      row['name'] === 'model' ? { ...row, recovery_model_desc: 'SIMPLE' } : row,
    )
    expect(findingOn('model', {}, others)).toMatchObject({ level: 'failed' })
  })
})

describe('remediation', () => {
  const awkward = "it's [a] b]"
  const mend = (db: Row, check: typeof online, instance: Row = {}) => {
    const others = [...systemDatabases, database(6, awkward, db as Parameters<typeof database>[2])]
    const { findings } = judged(check, { answer: answerOf({ others }) }, contextFor('sqlserver', instance))
    return findings.find(({ object }) => object.name === awkward)?.remediation
  }

  it('quotes names so that the command runs as it stands', () => {
    expect(mend({ recovery_model_desc: 'SIMPLE' }, simple)?.steps[0]).toEqual({
      language: 'tsql',
      command: "ALTER DATABASE [it's [a]] b]]] SET RECOVERY FULL;",
      risk: 'online',
    })
    expect(mend({ state_desc: 'OFFLINE' }, online)?.verify?.query).toContain("N'it''s [a] b]'")
  })

  it('has the full backup that starts the chain taken with the product, or natively with T-SQL', () => {
    expect(mend({ recovery_model_desc: 'SIMPLE' }, simple)?.steps[1]?.language).toBe('manual')
    expect(mend({ recovery_model_desc: 'SIMPLE' }, simple, { profile: 'native' })?.steps[1]?.command).toMatch(
      /^BACKUP DATABASE \[it's \[a\]\] b\]\]\] TO DISK = N'[\w-]+\.bak';$/,
    )
  })

  it.each(['SUSPECT', 'EMERGENCY', 'RECOVERY_PENDING', 'RESTORING'])(
    'never offers to drop data for %s',
    (state_desc) => {
      expect(JSON.stringify(mend({ state_desc }, online))).not.toMatch(/REPAIR_ALLOW_DATA_LOSS/i)
    },
  )

  it.each([
    ['OFFLINE', { state_desc: 'OFFLINE' }, online],
    ['SIMPLE', { recovery_model_desc: 'SIMPLE' }, simple],
  ] as const)('passes after the fix of %s was applied', (_, db, check) => {
    const context = contextFor('sqlserver')
    expect(judged(check, { answer: answerOf({ db }) }, context).status).toBe('failed')
    expect(judged(check, { answer: answerOf({}) }, context).status).toBe('passed')
  })
})

describe('an instance that refuses connections by its state', () => {
  it.each([
    ['SQLSERVER_SINGLE_USER', 'INSTANCE_SINGLE_USER'],
    ['SQLSERVER_PAUSED', 'INSTANCE_PAUSED'],
    ['SQLSERVER_UPGRADING', 'INSTANCE_UPGRADING'],
  ])('fails SQL_SERVER_DB_NOT_ONLINE for %s and skips the other item', (problem, code) => {
    const outcome = { problem: { code: problem, params: {} } }
    const context = contextFor('sqlserver')
    const own = judged(online, outcome, context, [online, simple])
    expect([own.status, own.findings[0]?.message.code, own.findings[0]?.blocks.join()]).toEqual([
      'failed',
      code,
      all,
    ])
    const other = judged(simple, outcome, context, [online, simple])
    expect([other.status, other.reason?.code]).toEqual(['skipped', 'DEPENDENCY_NOT_PASSED'])
  })

  it('is an error for an item whose responsible sibling does not run', () => {
    const outcome = { problem: { code: 'SQLSERVER_PAUSED', params: {} } }
    expect(judged(simple, outcome, contextFor('sqlserver'), [simple]).status).toBe('error')
  })
})
