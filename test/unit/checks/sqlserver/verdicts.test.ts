import { describe, expect, it } from 'vitest'
import simple from '../../../../shared/checks/sqlserver/sql-server-db-in-simple-recovery-mode.ts'
import online from '../../../../shared/checks/sqlserver/sql-server-db-not-online.ts'
import { renderMessage } from '../../../../shared/checks/framework/render.ts'
import { database, systemDatabases } from '../../../emulators/sqlserver/catalogue-answers.ts'
import { contextFor, judged } from '../../../support/context.ts'

type Row = Readonly<Record<string, unknown>>

interface Facts {
  readonly db?: Row
  readonly role?: string | null | readonly (string | null)[]
  readonly replicas?: null
  /** Listeners for database mirroring. */
  readonly listeners?: number | null
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
  listeners = 0,
  shipped = [],
  server = {},
  others = systemDatabases,
}: Facts) => ({
  server: [
    {
      product_version: '16.0.4135.4',
      edition: 'Enterprise Edition (64-bit)',
      engine_edition: 3,
      view_any_database: 1,
      is_sysadmin: 0,
      ...server,
    },
  ],
  databases: [...others, database(5, 'Sales', db as Parameters<typeof database>[2])],
  replicas:
    replicas === null
      ? null
      : (role === undefined ? [] : [role].flat()).map((role_desc) => ({ database_id: 5, role_desc })),
  mirroring: listeners === null ? null : [{ listeners }],
  logShipping: shipped === null ? null : shipped.map((name) => ({ name })),
})

const states = 'learn.microsoft.com/sql/relational-databases/databases/database-states'
const models = 'learn.microsoft.com/sql/relational-databases/backup-restore/recovery-models-sql-server'
const catalogView =
  'learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-databases-transact-sql'
const secondaries =
  'learn.microsoft.com/sql/database-engine/availability-groups/windows/active-secondaries-backup-on-secondary-replicas-always-on-availability-groups'
const basicGroups =
  'learn.microsoft.com/sql/database-engine/availability-groups/windows/basic-availability-groups-always-on-availability-groups'
const replicaStates =
  'learn.microsoft.com/sql/relational-databases/system-dynamic-management-views/sys-dm-hadr-availability-replica-states-transact-sql'
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
    'AG_SECONDARY_FULL_SUPPORT',
    none,
    'Microsoft, Introducing "Backups on Secondary" with SQL Server 2025',
  ],
  [
    'AG secondary of Standard Edition, a basic group',
    { db: ag, role: 'SECONDARY', server: { engine_edition: 2 } },
    'passed',
    'AG_SECONDARY_BASIC',
    `limits=${backups}`,
    basicGroups,
  ],
  [
    'AG secondary of Standard Edition of 2025',
    { db: ag, role: 'SECONDARY', server: { engine_edition: 2, product_version: '17.0.700.9' } },
    'passed',
    'AG_SECONDARY_BASIC',
    `limits=${backups}`,
    basicGroups,
  ],
  [
    'AG secondary of a version nobody can read',
    { db: ag, role: 'SECONDARY', server: { product_version: 'vNext' } },
    'passed',
    'AG_SECONDARY',
    'limits=incremental',
    secondaries,
  ],
  [
    'forwarder of a distributed AG, primary in its own group only',
    { db: ag, role: ['PRIMARY', 'SECONDARY'] },
    'passed',
    'AG_SECONDARY',
    'limits=incremental',
    secondaries,
  ],
  [
    'primary of a distributed AG',
    { db: ag, role: ['PRIMARY', 'PRIMARY'] },
    'passed',
    null,
    none,
    secondaries,
  ],
  [
    'AG primary in one group and resolving in the other',
    { db: ag, role: ['PRIMARY', 'RESOLVING'] },
    'failed',
    'AG_RESOLVING',
    `blocks=${all}`,
    replicaStates,
  ],
  ['AG, a role of null', { db: ag, role: null }, 'error', 'ROLE_UNKNOWN', `obscures=${all}`, replicaStates],
  [
    'AG primary, the role in its other group null',
    { db: ag, role: ['PRIMARY', null] },
    'error',
    'ROLE_UNKNOWN',
    `obscures=${all}`,
    replicaStates,
  ],
  [
    'AG without a local replica',
    { db: ag, role: [] },
    'error',
    'ROLE_UNKNOWN',
    `obscures=${all}`,
    replicaStates,
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
  [
    'AG, role not readable, ONLINE: it may be resolving',
    { db: ag, replicas: null },
    'error',
    'ROLE_UNKNOWN',
    `obscures=${all}`,
    permissions,
  ],
  [
    'AG, role not readable, RECOVERING',
    { db: { ...ag, state_desc: 'RECOVERING' }, replicas: null },
    'error',
    'ROLE_UNKNOWN',
    `obscures=${all}`,
    permissions,
  ],
  [
    'AG, role not readable, SUSPECT: broken in every role',
    { db: { ...ag, state_desc: 'SUSPECT' }, replicas: null },
    'failed',
    'SUSPECT',
    `blocks=${all}`,
    states,
  ],
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
  [
    'RESTORING where mirroring runs, to a login that sees no mirrors',
    { db: { state_desc: 'RESTORING' }, listeners: 1 },
    'error',
    'ROLE_UNKNOWN',
    `obscures=${all}`,
    mirroring,
  ],
  [
    'RESTORING where the listeners could not be read',
    { db: { state_desc: 'RESTORING' }, listeners: null },
    'error',
    'ROLE_UNKNOWN',
    `obscures=${all}`,
    mirroring,
  ],
  [
    'RESTORING and no mirror to a sysadmin',
    { db: { state_desc: 'RESTORING' }, listeners: 1, server: { is_sysadmin: 1 } },
    'failed',
    'RESTORING',
    `blocks=${all}`,
    mirroring,
  ],
  [
    'STANDBY where mirroring runs: no mirror is in standby',
    { db: { is_in_standby: true }, listeners: 1 },
    'failed',
    'STANDBY',
    `blocks=${all}`,
    mirroring,
  ],
  [
    'log-shipping secondary where mirroring runs',
    { db: { state_desc: 'RESTORING' }, listeners: 1, shipped: ['Sales'] },
    'passed',
    'SECONDARY',
    `limits=${backups}`,
    shipping,
  ],
  ['ONLINE where mirroring runs', { listeners: 1 }, 'passed', null, none, mirroring],
  [
    'RECOVERING where mirroring runs: it ends by itself in every role',
    { db: { state_desc: 'RECOVERING' }, listeners: 1 },
    'warning',
    'TRANSIENT_STATE',
    `degrades=${all}`,
    states,
  ],
  [
    'mirror, SUSPECT',
    { db: { state_desc: 'SUSPECT', mirroring_role_desc: 'MIRROR' } },
    'failed',
    'SUSPECT',
    `blocks=${all}`,
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
    'SIMPLE and RESTORING, log shipping not readable',
    { db: { state_desc: 'RESTORING', recovery_model_desc: 'SIMPLE' }, shipped: null },
    'error',
    'ROLE_UNKNOWN',
    'obscures=incremental,log',
    permissions,
  ],
  [
    'SIMPLE and RESTORING, native, log shipping not readable',
    {
      db: { state_desc: 'RESTORING', recovery_model_desc: 'SIMPLE' },
      shipped: null,
      instance: { profile: 'native' },
    },
    'error',
    'ROLE_UNKNOWN',
    'obscures=log',
    permissions,
  ],
  [
    'SIMPLE in a resolving AG, where no database is SIMPLE',
    { db: { ...ag, recovery_model_desc: 'SIMPLE' }, role: 'RESOLVING' },
    'error',
    'ROLE_UNKNOWN',
    'obscures=incremental,log',
    secondaries,
  ],
  ['FULL in an AG, role not readable', { db: ag, replicas: null }, 'passed', null, none, models],
  [
    'SIMPLE and RESTORING without any such role',
    { db: { state_desc: 'RESTORING', recovery_model_desc: 'SIMPLE' } },
    'failed',
    'RECOVERY_MODEL_SIMPLE',
    'blocks=incremental,log',
    cloudBackup,
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
    for (const { message } of result.findings) {
      expect(renderMessage(check.id, message, 'en') + renderMessage(check.id, message, 'zh')).not.toMatch(
        /\{\w+\}/,
      )
    }
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

  it('does not call a required database missing for a login that may not see it', () => {
    const context = contextFor('sqlserver', { requiredDatabases: ['Payroll'] })
    const answer = answerOf({ server: { view_any_database: 0 } })
    const { status, findings } = judged(check, { answer }, context)
    expect([status, effectOf(findings.find(({ object }) => object.name === 'Payroll'))]).toEqual([
      'error',
      `obscures=${all}`,
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
      message: { code: 'MASTER_CONVERTED' },
      limits: [],
    })
  })

  it('limits master to full backups natively, where nobody converts', () => {
    expect(findingOn('master', { profile: 'native' })).toMatchObject({
      level: 'note',
      message: { code: 'MASTER_FULL_ONLY' },
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

  it('names the backup file after a database of any script', () => {
    const others = [...systemDatabases, database(6, '销售/华东', { recovery_model_desc: 'SIMPLE' })]
    const context = contextFor('sqlserver', { profile: 'native' })
    const { findings } = judged(simple, { answer: answerOf({ others }) }, context)
    const finding = findings.find(({ object }) => object.name === '销售/华东')
    expect(finding?.remediation?.steps[1]?.command).toContain("TO DISK = N'销售_华东_after_set_full.bak'")
  })

  it.each([
    ['OFFLINE', { state_desc: 'OFFLINE' }],
    ['STANDBY', { is_in_standby: true }],
    ['RESTORING', { state_desc: 'RESTORING' }],
  ])('has a SIMPLE database that is %s brought online before it is altered', (_, db) => {
    const steps = mend({ ...db, recovery_model_desc: 'SIMPLE' }, simple)?.steps ?? []
    expect(steps.map(({ language }) => language)).toEqual(['manual', 'tsql', 'manual'])
    expect(steps[0]?.command).toContain('SQL_SERVER_DB_NOT_ONLINE')
  })

  it.each(['OFFLINE', 'SUSPECT', 'EMERGENCY', 'RECOVERY_PENDING', 'RESTORING', 'OFFLINE_SECONDARY'])(
    'mends %s, and never by a repair that drops data',
    (state_desc) => {
      const remediation = mend({ state_desc }, online)
      expect(remediation?.steps.length).toBeGreaterThan(0)
      expect(JSON.stringify(remediation)).not.toMatch(/REPAIR/i)
    },
  )

  it('marks the end of a restore sequence as a loss of data', () => {
    expect(mend({ state_desc: 'RESTORING' }, online)?.steps.map(({ risk }) => risk)).toEqual([
      'online',
      'data-loss',
    ])
  })

  it('shows by its verifying query whether SINGLE_USER is over', () => {
    expect(mend({ user_access_desc: 'SINGLE_USER' }, online)?.verify?.query).toContain('user_access_desc')
  })

  it.each([
    ['AG secondary', { db: { ...ag, state_desc: 'OFFLINE' }, role: 'SECONDARY' }],
    ['mirror', { db: { state_desc: 'RECOVERY_PENDING', mirroring_role_desc: 'MIRROR' } }],
    [
      'database of unknown role',
      { db: { state_desc: 'RESTORING', recovery_model_desc: 'SIMPLE' }, shipped: null },
    ],
    ['AG replica of unknown role', { db: { ...ag, state_desc: 'OFFLINE' }, replicas: null }],
    ['AG replica that resolves', { db: { ...ag, recovery_model_desc: 'SIMPLE' }, role: 'RESOLVING' }],
    ['mirror that only a sysadmin sees', { db: { state_desc: 'RESTORING' }, listeners: 1 }],
  ])('never alters or recovers what is or may be a secondary: %s', (_, facts) => {
    for (const check of [online, simple]) {
      const { findings } = judged(check, { answer: answerOf(facts) }, contextFor('sqlserver'))
      const own = findings.filter(({ object }) => object.name === 'Sales')
      expect(JSON.stringify(own)).not.toMatch(/ALTER DATABASE|RESTORE DATABASE/)
    }
  })

  it.each([
    ['OFFLINE', { state_desc: 'OFFLINE' }, online],
    ['SIMPLE', { recovery_model_desc: 'SIMPLE' }, simple],
  ] as const)('passes after the fix of %s was applied', (_, db, check) => {
    const context = contextFor('sqlserver')
    expect(judged(check, { answer: answerOf({ db }) }, context).status).toBe('failed')
    expect(judged(check, { answer: answerOf({}) }, context).status).toBe('passed')
  })
})

describe('what settles an unknown role', () => {
  const stepsFor = (facts: Facts): string[] => {
    const { findings } = judged(online, { answer: answerOf(facts) }, contextFor('sqlserver'))
    return (
      findings
        .find(({ object }) => object.name === 'Sales')
        ?.remediation?.steps.map((step) => step.command) ?? []
    )
  }
  const serverState = 'USE [master]; GRANT VIEW SERVER STATE TO [precheck];'
  const shippingTable = [
    "USE [msdb]; IF USER_ID(N'precheck') IS NULL CREATE USER [precheck] FOR LOGIN [precheck];",
    'USE [msdb]; GRANT SELECT ON dbo.log_shipping_secondary_databases TO [precheck];',
  ]
  const restoring = { state_desc: 'RESTORING' }

  it('is the privilege to see availability groups, where it lacks', () => {
    expect(stepsFor({ db: ag, replicas: null })).toEqual([serverState])
  })

  it('is no privilege where the group itself shows no role', () => {
    expect(stepsFor({ db: ag, role: null }).join()).not.toContain('GRANT')
  })

  it('is the log-shipping table, with a user in msdb first', () => {
    expect(stepsFor({ db: restoring, shipped: null })).toEqual(shippingTable)
    expect(stepsFor({ db: restoring, shipped: null, listeners: 1, server: { is_sysadmin: 1 } })).toEqual(
      shippingTable,
    )
  })

  it('is both where both lack', () => {
    expect(stepsFor({ db: restoring, shipped: null, listeners: null })).toEqual([
      serverState,
      ...shippingTable,
    ])
  })

  it('is a look as sysadmin where mirroring runs', () => {
    expect(stepsFor({ db: restoring, listeners: 1 }).at(-1)).toBe(
      "SELECT mirroring_role_desc FROM sys.database_mirroring WHERE database_id = DB_ID(N'Sales');",
    )
  })
})

describe('an instance that refuses connections by its state', () => {
  const connection = { host: 'db.example', credential: { username: 'precheck', password: 'env:DB_PASSWORD' } }
  const lastStep = (code: string, changes: Row) => {
    const context = contextFor('sqlserver', { connection: { ...connection, ...changes } })
    return judged(online, { problem: { code, params: {} } }, context).findings[0]?.remediation?.steps.at(-1)
  }

  it.each([
    ['the default instance', {}, "Restart-Service -Name 'MSSQLSERVER' -Force"],
    ['a named instance', { instanceName: 'SALES' }, "Restart-Service -Name 'MSSQL$SALES' -Force"],
    ['an instance that only a port names', { port: 14_330 }, 'Restart the service of the instance.'],
  ])('is restarted by the service of %s', (_, changes, command) => {
    expect(lastStep('SQLSERVER_SINGLE_USER', changes)).toMatchObject({ command, risk: 'restart' })
  })

  it.each([
    ['the default instance', {}, "Resume-Service -Name 'MSSQLSERVER'"],
    [
      'an instance that only a port names',
      { port: 14_330 },
      'Resume the service of the instance, in SQL Server Configuration Manager.',
    ],
  ])('is resumed by the service of %s', (_, changes, command) => {
    expect(lastStep('SQLSERVER_PAUSED', changes)).toMatchObject({ command, risk: 'online' })
  })

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
