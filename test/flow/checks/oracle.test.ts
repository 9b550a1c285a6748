import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answersOf } from '../../emulators/oracle/catalogue-answers.ts'
import { type OracleScenario, table } from '../../emulators/oracle/scenario.ts'
import { type OracleStandIn, startOracle } from '../../emulators/oracle/server.ts'
import { type BlackHole, openBlackHole } from '../../support/black-hole.ts'
import {
  type OracleFacts,
  cluster,
  database,
  destination,
  instance,
  pluggable,
  recoveryOfSales,
  threads,
  withSales,
} from '../../support/facts/oracle.ts'
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
  nothing,
  skippable,
  titleOf,
} from '../../support/status-table.ts'

const status = 'ORACLE_INSTANCE_STATUS'
const databases = 'ORACLE_DB_STATUS'
const archiving = 'ARCHIVELOG'
const items = itemsOf('oracle')

type Scene = SceneOf<OracleScenario>
type Case = Row & Scene

const having = (state: Partial<OracleFacts>): Pick<Scene, 'server'> => ({
  server: { answer: answersOf(state) },
})
const ofListener = (refuse: number): Pick<Scene, 'server'> => ({ server: { listener: () => ({ refuse }) } })
const ofLogin = (code: number): Pick<Scene, 'server'> => ({ server: { login: () => ({ error: { code } }) } })

const closedSales = having({ pluggables: withSales({ open_mode: 'MOUNTED' }) })
const noArchivelog = having({ database: [database({ log_mode: 'NOARCHIVELOG' })] })

/** What keeps every item from its answer. */
const unanswered: readonly (Obstacle & Scene)[] = [
  ...obstaclesOf<OracleScenario>({
    garbage: { listener: () => 'garbage' },
    brokenAnswer: { answer: () => ({ fault: 'drop' }) },
    otherAnswer: { answer: () => table([{ nothing: 1 }]) },
    silentLogin: { login: () => 'hang' },
    silentAnswer: { answer: () => ({ fault: 'hang' }) },
  }),
  {
    when: 'the password is wrong',
    status: 'error',
    because: 'LOGIN_FAILED',
    server: { login: () => ({ password: 'another' }) },
  },
  { when: 'the account is locked', status: 'error', because: 'ACCOUNT_LOCKED', ...ofLogin(28000) },
  {
    when: 'the listener has no handler left',
    status: 'error',
    because: 'ORACLE_NO_HANDLER',
    ...ofListener(12516),
  },
]

/** Refusals that show the state of the instance, and the item that judges it. */
const refusals: {
  when: string
  code: string
  because: string
  remedy: string
  server: Pick<Scene, 'server'>
  judge?: string
}[] = [
  {
    when: 'the listener takes restricted connections, or none',
    code: 'ORACLE_INSTANCE_RESTRICTED_OR_BLOCKED',
    because: 'INSTANCE_RESTRICTED_OR_BLOCKED',
    remedy: 'ALTER SYSTEM DISABLE RESTRICTED SESSION;',
    server: ofListener(12527),
  },
  {
    when: 'the archiver is stuck',
    code: 'ORACLE_ARCHIVER_STUCK',
    because: 'ARCHIVER_STUCK',
    remedy: 'ALTER SYSTEM ARCHIVE LOG ALL;',
    server: ofLogin(257),
    judge: archiving,
  },
  {
    when: 'the listener blocks connections',
    code: 'ORACLE_INSTANCE_BLOCKED',
    because: 'INSTANCE_BLOCKED',
    remedy: 'ALTER DATABASE MOUNT;',
    server: ofListener(12528),
  },
  {
    when: 'the instance takes restricted sessions only',
    code: 'ORACLE_INSTANCE_RESTRICTED',
    because: 'INSTANCE_RESTRICTED',
    remedy: 'ALTER SYSTEM DISABLE RESTRICTED SESSION;',
    server: ofLogin(1035),
  },
  {
    when: 'the instance is not started',
    code: 'ORACLE_INSTANCE_NOT_STARTED',
    because: 'INSTANCE_NOT_STARTED',
    remedy: 'STARTUP;',
    server: ofLogin(1034),
  },
  {
    when: 'the instance is not open',
    code: 'ORACLE_INSTANCE_NOT_OPEN',
    because: 'INSTANCE_NOT_OPEN',
    remedy: 'ALTER DATABASE OPEN;',
    server: ofLogin(1033),
  },
  {
    when: 'the instance is shutting down',
    code: 'ORACLE_SHUTTING_DOWN',
    because: 'INSTANCE_SHUTTING_DOWN',
    remedy: 'STARTUP;',
    server: ofLogin(1089),
  },
]

/** Refusals that leave open what the instance is in: the item that would judge it says so, once for all. */
const unclear: { when: string; code: string; because: string; server: Pick<Scene, 'server'> }[] = [
  {
    when: 'the listener knows no such service',
    code: 'ORACLE_SERVICE_UNKNOWN',
    because: 'SERVICE_NOT_OFFERED',
    server: ofListener(12514),
  },
  {
    when: 'the server has no such column',
    code: 'ORACLE_SERVER_TOO_OLD',
    because: 'VERSION_UNSUPPORTED',
    server: { server: { answer: () => ({ error: { code: 904 } }) } },
  },
]

const ofInstance: Case[] = [
  {
    item: status,
    when: 'the instance of a physical standby is MOUNTED',
    status: 'passed',
    because: nothing,
    ...having({
      instances: [instance({ status: 'MOUNTED' })],
      database: [database({ database_role: 'PHYSICAL STANDBY', open_mode: 'MOUNTED' })],
    }),
  },
  {
    item: status,
    when: 'it takes restricted sessions and this login is one',
    status: 'warning',
    because: 'RESTRICTED',
    ...having({ instances: [instance({ logins: 'RESTRICTED' })] }),
  },
  {
    item: status,
    when: 'one instance of a cluster is MOUNTED and the other serves',
    status: 'warning',
    because: 'MOUNTED_PRIMARY',
    ...having({
      instances: cluster({}, { status: 'MOUNTED' }),
    }),
  },
  {
    item: status,
    when: 'one instance of a cluster does not run',
    status: 'warning',
    because: 'INSTANCE_DOWN',
    ...having({ instances: cluster({}), threads: threads(2) }),
  },
  {
    item: status,
    when: 'the threads of a cluster cannot be read',
    status: 'error',
    because: 'THREADS_UNREADABLE',
    ...having({ instances: cluster({}, {}), threads: null }),
  },
  {
    item: status,
    when: 'the instance of a primary is MOUNTED',
    status: 'failed',
    because: 'MOUNTED_PRIMARY',
    object: 'orcl1',
    remedy: 'ALTER DATABASE OPEN;',
    ...having({ instances: [instance({ status: 'MOUNTED' })] }),
  },
  {
    item: status,
    when: 'the instance is suspended',
    status: 'failed',
    because: 'SUSPENDED',
    object: 'orcl1',
    remedy: 'ALTER SYSTEM RESUME;',
    ...having({ instances: [instance({ database_status: 'SUSPENDED' })] }),
  },
  ...unclear.map(({ when, because, server }): Case => ({
    item: status,
    when,
    status: 'error',
    because,
    ...server,
  })),
  ...refusals.map(({ when, because, remedy, server, judge = status }): Case => ({
    item: judge,
    when,
    status: 'failed',
    because,
    object: instanceId,
    remedy,
    ...server,
  })),
  {
    item: status,
    when: 'the instance is MOUNTED and its role cannot be read',
    status: 'error',
    because: 'ROLE_UNKNOWN',
    ...having({ instances: [instance({ status: 'MOUNTED' })], database: null }),
  },
  {
    item: status,
    when: 'the server names a status that nobody knows',
    status: 'error',
    because: 'STATUS_UNKNOWN',
    ...having({ instances: [instance({ status: 'DREAMING' })] }),
  },
]

const ofDatabases: Case[] = [
  {
    item: databases,
    when: 'a pluggable database is closed that nobody requires',
    status: 'warning',
    because: 'PDB_CLOSED',
    ...closedSales,
  },
  {
    item: databases,
    when: 'it is a snapshot standby',
    status: 'warning',
    because: 'SNAPSHOT_STANDBY',
    ...having({ database: [database({ database_role: 'SNAPSHOT STANDBY' })] }),
  },
  {
    item: databases,
    when: 'it is a true cache',
    status: 'passed',
    because: 'TRUE_CACHE',
    ...having({ database: [database({ database_role: 'TRUE CACHE', open_mode: 'READ ONLY WITH APPLY' })] }),
  },
  {
    item: databases,
    when: 'a pluggable database is closed and the dictionary cannot be read, as before the database is open',
    status: 'warning',
    because: 'PDB_CLOSED',
    server: {
      answer: (sql) =>
        sql.includes('dba_pdbs')
          ? { error: { code: 1219 } }
          : answersOf({ pluggables: withSales({ open_mode: 'MOUNTED' }) })(sql),
    },
  },
  {
    item: databases,
    when: 'the login is on the one instance of a cluster that is MOUNTED',
    status: 'passed',
    because: nothing,
    ...having({
      instances: cluster({ status: 'MOUNTED' }, {}),
      database: [database({ open_mode: 'MOUNTED' })],
    }),
  },
  {
    item: databases,
    when: 'a required pluggable database is closed',
    status: 'failed',
    because: 'PDB_CLOSED',
    object: 'SALES',
    remedy: 'ALTER PLUGGABLE DATABASE "SALES" OPEN INSTANCES = ALL;',
    plan: { requiredDatabases: ['SALES'] },
    ...closedSales,
  },
  {
    item: databases,
    when: 'recovery of a pluggable database is disabled',
    status: 'failed',
    because: 'PDB_RECOVERY_DISABLED',
    object: 'SALES',
    remedy: 'ALTER PLUGGABLE DATABASE ENABLE RECOVERY;',
    ...having({ recovery: recoveryOfSales('DISABLED') }),
  },
  {
    item: databases,
    when: 'a primary without containers is MOUNTED',
    status: 'failed',
    because: 'MOUNTED_PRIMARY',
    object: 'ORCL',
    remedy: 'ALTER DATABASE OPEN;',
    ...having({ database: [database({ cdb: 'NO', con_id: 0, open_mode: 'MOUNTED' })], pluggables: [] }),
  },
  {
    item: databases,
    when: 'its control file is of a backup',
    status: 'failed',
    because: 'CONTROL_FILE_NOT_CURRENT',
    object: 'ORCL',
    remedy: 'ALTER DATABASE OPEN RESETLOGS;',
    ...having({ database: [database({ controlfile_type: 'BACKUP' })] }),
  },
  {
    item: databases,
    when: 'the login does not see every pluggable database',
    status: 'error',
    because: 'COVERAGE_LIMITED',
    ...having({ pluggables: [pluggable(3, 'SALES')], database: [database({ con_id: 3 })] }),
  },
  {
    item: databases,
    when: 'the server names an open mode that nobody knows',
    status: 'error',
    because: 'OPEN_MODE_UNKNOWN',
    ...having({ database: [database({ open_mode: 'AJAR' })] }),
  },
]

const ofArchiving: Case[] = [
  {
    item: archiving,
    when: 'the database archives manually',
    status: 'warning',
    because: 'ARCHIVE_MANUAL',
    ...having({ database: [database({ log_mode: 'MANUAL' })] }),
  },
  {
    item: archiving,
    when: 'a second instance of a cluster is in NOMOUNT',
    status: 'passed',
    because: nothing,
    ...having({ instances: cluster({}, { status: 'STARTED', archiver: 'STOPPED' }) }),
  },
  {
    item: archiving,
    when: 'the second instance of a cluster has no destination',
    status: 'failed',
    because: 'NO_VALID_DESTINATION',
    object: 'orcl2',
    remedy: 'Free space in the destination',
    ...having({ instances: cluster({}, {}), destinations: [destination()] }),
  },
  {
    item: archiving,
    when: 'an optional destination is broken',
    status: 'warning',
    because: 'OPTIONAL_DESTINATION_BROKEN',
    ...having({
      destinations: [
        destination(),
        destination({
          dest_name: 'LOG_ARCHIVE_DEST_2',
          status: 'ERROR',
          binding: 'OPTIONAL',
          error: 'ORA-12541',
        }),
      ],
    }),
  },
  {
    item: archiving,
    when: 'the database does not archive and no backup is planned',
    status: 'warning',
    because: 'NOARCHIVELOG',
    plan: { operations: ['restore'] },
    ...noArchivelog,
  },
  {
    item: archiving,
    when: 'the database does not archive',
    status: 'failed',
    because: 'NOARCHIVELOG',
    object: 'ORCL',
    remedy: 'ALTER DATABASE ARCHIVELOG;',
    ...noArchivelog,
  },
  {
    item: archiving,
    when: 'the archiver failed',
    status: 'failed',
    because: 'ARCHIVER_NOT_RUNNING',
    object: 'orcl1',
    remedy: 'ALTER SYSTEM ARCHIVE LOG ALL;',
    ...having({ instances: [instance({ archiver: 'FAILED' })] }),
  },
  {
    item: archiving,
    when: 'no destination takes logs',
    status: 'failed',
    because: 'NO_VALID_DESTINATION',
    object: 'ORCL',
    remedy: 'Free space in the destination',
    ...having({ destinations: [] }),
  },
  {
    item: archiving,
    when: 'the destinations cannot be read',
    status: 'error',
    because: 'DESTINATIONS_UNREADABLE',
    ...having({ destinations: null }),
  },
]

const skipped: Case[] = skippable('oracle').flatMap((item) =>
  [...refusals, ...unclear.map((each) => ({ ...each, judge: status }))]
    .filter(({ judge = status }) => judge !== item)
    .flatMap(({ when, code, server, judge = status }): Case[] => [
      { item, when, status: 'skipped', because: 'DEPENDENCY_NOT_PASSED', dependsOn: judge, ...server },
      {
        item,
        when: `${when} and it runs alone`,
        status: 'error',
        because: code,
        run: { siblings: [item] },
        ...server,
      },
    ]),
)

const cases: Case[] = [
  ...items.map((check): Case => ({ item: check.id, when: 'all is well', ...healthyEnding(check, 'oracle') })),
  ...ofInstance,
  ...ofDatabases,
  ...ofArchiving,
  ...skipped,
  ...[status, databases, archiving].map((item): Case => ({
    item,
    when: 'the answer has no rows',
    status: 'error',
    because: 'UNEXPECTED_ANSWER',
    server: { answer: () => table([], ['nothing']) },
  })),
  ...items.flatMap(({ id }) => unanswered.map((row): Case => ({ item: id, ...row }))),
  ...items.map(({ id, set }): Case => ({
    item: id,
    when: 'the login may not ask',
    ...(set === 'essential'
      ? { status: 'error', because: 'PRIVILEGE_MISSING' }
      : { status: 'skipped', because: 'RIGHT_MISSING' }),
    server: { answer: () => ({ error: { code: 942 } }) },
  })),
]

const never = neverSkipped(
  'oracle',
  'it depends on no other item: every refusal that shows the state of the instance is its own to judge',
)

let server: OracleStandIn
let hole: BlackHole

const healthy: OracleScenario = { login: () => ({ password }), answer: answersOf({}) }

const runScene = ({ item, ...scene }: Pick<Row, 'item'> & Scene) => {
  server.setScenario({ ...healthy, ...scene.server })
  return runCheck({
    checkItem: item,
    definition: {
      engine: 'oracle',
      region: 'cn-hangzhou',
      connection: {
        host: '127.0.0.1',
        port: portOf(scene, server, hole),
        serviceName: 'orcl',
        credential,
        ...scene.connection,
      },
      ...scene.plan,
    },
    ...scene.run,
  })
}

beforeAll(async () => {
  server = await startOracle(healthy)
  hole = await openBlackHole()
  // Loads the driver, so that short limits are those of the server alone.
  await runScene({ item: status })
})
afterAll(() => Promise.all([server.close(), hole.close()]))

describe('the Oracle items', () => {
  it.each(rowsToRun(cases).map((row) => [titleOf(row), row] as const))('%s', async (_, row) => {
    expectEnding(await runScene(row), row)
    await expect.poll(() => server.seen.open, { interval: 5 }).toBe(0)
  })

  it('have a row for every status that they can have', () => {
    expect(cellsIn(cases, never)).toEqual(cellsOf('oracle'))
  })
})
