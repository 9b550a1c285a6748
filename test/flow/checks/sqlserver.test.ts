import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SqlServerState, answersOf } from '../../emulators/sqlserver/catalogue-answers.ts'
import { type SqlError, type SqlServerScenario, table } from '../../emulators/sqlserver/scenario.ts'
import { type SqlServerStandIn, startSqlServer } from '../../emulators/sqlserver/server.ts'
import { type BlackHole, openBlackHole } from '../../support/black-hole.ts'
import {
  type DatabaseRow,
  chain,
  database,
  inAvailabilityGroup,
  replica,
  server as serverRow,
  systemDatabases,
} from '../../support/facts/sqlserver.ts'
import { sqlOf } from '../../support/facts/statements.ts'
import { credential, instanceId, password, runCheck } from '../../support/run-check.ts'
import { type Scene as SceneOf, obstaclesOf, portOf } from '../../support/scenes.ts'
import {
  type Obstacle,
  type Row,
  cellsIn,
  cellsOf,
  expectEnding,
  healthyEnding,
  itemsOf,
  neverSkipped,
  rowsToRun,
  skippable,
  titleOf,
} from '../../support/status-table.ts'

const online = 'SQL_SERVER_DB_NOT_ONLINE'
const model = 'SQL_SERVER_DB_IN_SIMPLE_RECOVERY_MODE'
const items = itemsOf('sqlserver')

type Scene = SceneOf<SqlServerScenario>
type Case = Row & Scene

/** Its user databases are these, beside the system databases. */
const having = (databases: readonly DatabaseRow[], state: SqlServerState = {}): Pick<Scene, 'server'> => ({
  server: { answer: answersOf({ databases: [...systemDatabases, ...databases], ...state }) },
})

const orders = database(5, 'Orders')
const refusing = (...errors: SqlError[]): Pick<Scene, 'server'> => ({ server: { login: () => errors } })
const secondary = database(9, 'Ledger', inAvailabilityGroup)
const restoring = database(6, 'Mirror', { state_desc: 'RESTORING' })

/** What keeps every item from its answer. */
const unanswered: readonly (Obstacle & Scene)[] = [
  ...obstaclesOf<SqlServerScenario>({
    garbage: { preLogin: 'garbage' },
    brokenAnswer: { answer: () => ({ fault: 'drop' }) },
    otherAnswer: { answer: () => table([{ nothing: 1 }]) },
    silentLogin: { login: () => 'hang' },
    silentAnswer: { answer: () => ({ fault: 'hang' }) },
  }),
  {
    when: 'the password is wrong',
    status: 'error',
    because: 'LOGIN_FAILED',
    ...refusing({ number: 18456, message: `Login failed for user 'precheck'.` }),
  },
  {
    when: 'the account is locked',
    status: 'error',
    because: 'ACCOUNT_LOCKED',
    ...refusing({ number: 18486, message: 'Login failed because the account is currently locked out.' }),
  },
  {
    when: 'the server offers no TLS and it is required',
    status: 'error',
    because: 'TLS_NOT_OFFERED',
    connection: { tls: { mode: 'required' } },
  },
]

/** What the login may not ask fails the essential items, and leaves the others out. */
const forbidden = {
  when: 'the login may not ask',
  server: { answer: () => ({ error: { number: 229, message: 'The SELECT permission was denied.' } }) },
} as const

/** Refusals that show the state of the instance. */
const refusals: readonly {
  readonly when: string
  readonly code: string
  readonly because: string
  readonly remedy: string
  readonly server: Pick<Scene, 'server'>
}[] = [
  {
    when: 'the instance is in single-user mode',
    code: 'SQLSERVER_SINGLE_USER',
    because: 'INSTANCE_SINGLE_USER',
    remedy: 'Remove -m from the startup parameters',
    server: refusing({ number: 18461, message: 'Server is in single user mode.' }),
  },
  {
    when: 'the instance is paused',
    code: 'SQLSERVER_PAUSED',
    because: 'INSTANCE_PAUSED',
    remedy: 'Resume the service',
    server: refusing({ number: 17142, message: 'SQL Server service has been paused.' }),
  },
  {
    when: 'the instance is being upgraded',
    code: 'SQLSERVER_UPGRADING',
    because: 'INSTANCE_UPGRADING',
    remedy: 'Wait until the upgrade is complete',
    server: refusing({ number: 18401, message: 'Server is in script upgrade mode.' }),
  },
  {
    when: 'the instance is starting',
    code: 'SQLSERVER_STARTING',
    because: 'INSTANCE_STARTING',
    remedy: 'Wait until the error log',
    server: refusing({ number: 17187, message: 'Not ready to accept new client connections.' }),
  },
  {
    when: 'the instance is shutting down',
    code: 'SQLSERVER_SHUTTING_DOWN',
    because: 'INSTANCE_SHUTTING_DOWN',
    remedy: 'Find out who is shutting down',
    server: refusing({ number: 6005, message: 'SHUTDOWN is in progress.' }),
  },
  {
    when: 'the instance only lets administrators in',
    code: 'SQLSERVER_ADMINISTRATORS_ONLY',
    because: 'INSTANCE_ADMINISTRATORS_ONLY',
    remedy: 'Wait until the error log',
    server: refusing({ number: 18451, message: 'Only administrators may connect at this time.' }),
  },
]

/** The server refuses these statements of the items in this way, and answers all others. */
const statementsEnding = (number: number, ...names: readonly string[]): Pick<Scene, 'server'> => {
  const refused = names.map((name) => sqlOf('sqlserver', name))
  const answer = answersOf({ databases: [...systemDatabases, orders] })
  return {
    server: {
      answer: (sql) =>
        refused.includes(sql) ? { error: { number, message: `Error ${number}.` } } : answer(sql),
    },
  }
}

/** Numbers of a database that a statement reads and that is not online, of a lock and of a deadlock. */
const ofAnotherDatabase = [922, 924, 926, 927, 942, 945, 976, 1205, 1222]

const tooOld = statementsEnding(207, 'databases')

const empty: Pick<Scene, 'server'> = { server: { answer: () => table([], ['nothing']) } }

const cases: Case[] = [
  ...items.map((check): Case => ({
    item: check.id,
    when: 'all is well',
    ...healthyEnding(check, 'sqlserver'),
  })),
  {
    item: online,
    when: 'one is an Always On secondary',
    status: 'warning',
    because: 'AG_SECONDARY',
    ...having([secondary], { replicas: [replica({ database_id: 9, role_desc: 'SECONDARY' })] }),
  },
  {
    item: online,
    when: 'one is RESTORING as a mirror',
    status: 'passed',
    because: 'SECONDARY',
    ...having([{ ...restoring, mirroring_role_desc: 'MIRROR' }]),
  },
  {
    item: online,
    when: 'one is in SINGLE_USER access',
    status: 'warning',
    because: 'SINGLE_USER',
    ...having([orders, database(6, 'Busy', { user_access_desc: 'SINGLE_USER' })]),
  },
  {
    item: online,
    when: 'one is RECOVERING',
    status: 'failed',
    because: 'TRANSIENT_STATE',
    object: 'Orders',
    remedy: "EXEC sys.sp_readerrorlog 0, 1, N'Orders';",
    ...having([database(5, 'Orders', { state_desc: 'RECOVERING' })]),
  },
  {
    item: online,
    when: 'one with a bracket in its name is OFFLINE',
    status: 'failed',
    because: 'OFFLINE',
    object: 'Archive]2019',
    remedy: 'ALTER DATABASE [Archive]]2019] SET ONLINE;',
    ...having([orders, database(6, 'Archive]2019', { state_desc: 'OFFLINE' })]),
  },
  {
    item: online,
    when: 'one is RESTORING and no secondary',
    status: 'failed',
    because: 'RESTORING',
    object: 'Mirror',
    remedy: 'RESTORE DATABASE [Mirror] WITH RECOVERY;',
    ...having([restoring]),
  },
  ...(['RECOVERY_PENDING', 'SUSPECT', 'EMERGENCY'] as const).map((state): Case => ({
    item: online,
    when: `one is ${state}`,
    status: 'failed',
    because: state,
    object: 'Orders',
    remedy: "EXEC sys.sp_readerrorlog 0, 1, N'Orders';",
    ...having([database(5, 'Orders', { state_desc: state })]),
  })),
  ...ofAnotherDatabase.map((number): Case => ({
    item: online,
    when: `msdb cannot be read (${number})`,
    status: 'error',
    because: 'LOG_SHIPPING_UNKNOWN',
    ...statementsEnding(number, 'logShipping', 'logShippingPrimaries'),
  })),
  { item: online, when: 'it is too old', status: 'error', because: 'VERSION_UNSUPPORTED', ...tooOld },
  {
    item: model,
    when: 'it is too old',
    status: 'skipped',
    because: 'DEPENDENCY_NOT_PASSED',
    dependsOn: online,
    ...tooOld,
  },
  ...[online, model].map((item): Case => ({
    item,
    when: 'the catalog is locked',
    status: 'timed_out',
    because: 'SQLSERVER_LOCK_TIMED_OUT',
    ...statementsEnding(1222, 'databases'),
  })),
  ...refusals.map(({ when, because, remedy, server }): Case => ({
    item: online,
    when,
    status: 'failed',
    because,
    object: instanceId,
    remedy,
    ...server,
  })),
  {
    item: online,
    when: 'one is RESTORING and its role cannot be read',
    status: 'error',
    because: 'ROLE_UNKNOWN',
    ...having([restoring], { logShipping: null }),
  },
  {
    item: online,
    when: 'msdb is SUSPECT and the tables of log shipping are out of reach',
    status: 'failed',
    because: 'SUSPECT',
    object: 'msdb',
    remedy: 'ALTER DATABASE [msdb] SET ONLINE;',
    server: {
      answer: answersOf({
        databases: [...systemDatabases.slice(0, 3), database(4, 'msdb', { state_desc: 'SUSPECT' }), orders],
        logShipping: null,
        logShippingPrimaries: null,
      }),
    },
  },
  {
    item: model,
    when: 'one was never backed up since it is FULL',
    status: 'failed',
    because: 'FULL_BACKUP_MISSING',
    object: 'Orders',
    remedy: 'Run a full backup of the database with its backup plan',
    ...having([orders], { chains: [chain({ database_id: 3 }), chain({ has_log_chain: 0 })] }),
  },
  {
    item: model,
    when: 'the login may not see definitions',
    status: 'error',
    because: 'DIFFERENTIAL_BASES_HIDDEN',
    ...having([database(5, 'Orders', { has_differential_base: null })], {
      server: [serverRow({ view_any_definition: 0 })],
    }),
  },
  {
    item: model,
    when: 'one is SIMPLE and no log backup is planned',
    status: 'warning',
    because: 'RECOVERY_MODEL_SIMPLE',
    plan: { operations: ['full', 'restore'] },
    ...having([database(5, 'Orders', { recovery_model_desc: 'SIMPLE' })]),
  },
  {
    item: model,
    when: 'one with a bracket in its name is SIMPLE',
    status: 'failed',
    because: 'RECOVERY_MODEL_SIMPLE',
    object: 'a]b',
    remedy: 'ALTER DATABASE [a]]b] SET RECOVERY FULL;',
    ...having([orders, database(6, 'a]b', { recovery_model_desc: 'SIMPLE' })]),
  },
  {
    item: model,
    when: 'msdb is SIMPLE and log backup is asked for',
    status: 'failed',
    because: 'RECOVERY_MODEL_SIMPLE',
    object: 'msdb',
    remedy: 'ALTER DATABASE [msdb] SET RECOVERY FULL;',
    plan: { operations: ['full', 'log'] },
  },
  {
    item: model,
    when: 'the server names a model that nobody knows',
    status: 'error',
    because: 'RECOVERY_MODEL_UNKNOWN',
    ...having([database(5, 'Orders', { recovery_model_desc: 'PARTIAL' })]),
  },
  ...[online, model].flatMap((item): Case[] => [
    { item, when: 'the answer has no rows', status: 'error', because: 'UNEXPECTED_ANSWER', ...empty },
    {
      item,
      when: 'the login does not see every database',
      status: 'error',
      because: 'COVERAGE_LIMITED',
      ...having([orders], { server: [serverRow({ view_any_database: 0 })] }),
    },
  ]),
  ...skippable('sqlserver').flatMap((item) =>
    refusals.flatMap(({ when, code, server }): Case[] => [
      { item, when, status: 'skipped', because: 'DEPENDENCY_NOT_PASSED', dependsOn: online, ...server },
      {
        item,
        when: `${when} and it runs alone`,
        status: 'error',
        because: code,
        run: { siblings: [item] },
        ...server,
      },
    ]),
  ),
  ...items.flatMap(({ id }) => unanswered.map((row): Case => ({ item: id, ...row }))),
  ...items.map(({ id, set }): Case =>
    set === 'essential'
      ? { item: id, ...forbidden, status: 'error', because: 'PRIVILEGE_MISSING' }
      : { item: id, ...forbidden, status: 'skipped', because: 'RIGHT_MISSING' },
  ),
]

const never = neverSkipped(
  'sqlserver',
  'it depends on no other item: every refusal that shows the state of the instance is its own to judge',
)

let server: SqlServerStandIn
let hole: BlackHole

const healthy: SqlServerScenario = {
  login: (attempt) => (attempt.password === password ? 'accept' : 'drop'),
  answer: answersOf({}),
}

const runScene = ({ item, ...scene }: Pick<Row, 'item'> & Scene) => {
  server.setScenario({ ...healthy, ...scene.server })
  return runCheck({
    checkItem: item,
    definition: {
      engine: 'sqlserver',
      region: 'cn-hangzhou',
      connection: {
        host: '127.0.0.1',
        port: portOf(scene, server, hole),
        credential,
        tls: { mode: 'off' },
        ...scene.connection,
      },
      ...scene.plan,
    },
    ...scene.run,
  })
}

beforeAll(async () => {
  server = await startSqlServer(healthy)
  hole = await openBlackHole()
  // Loads the driver, so that short limits are those of the server alone.
  await runScene({ item: online })
})
afterAll(() => Promise.all([server.close(), hole.close()]))

describe('the SQL Server items', () => {
  it.each(rowsToRun(cases).map((row) => [titleOf(row), row] as const))('%s', async (_, row) => {
    expectEnding(await runScene(row), row)
    await expect.poll(() => server.seen.open, { interval: 5 }).toBe(0)
  })

  it('have a row for every status that they can have', () => {
    expect(cellsIn(cases, never)).toEqual(cellsOf('sqlserver'))
  })
})
