import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checksFor } from '../../../shared/checks/catalogue.ts'
import { InstanceDefinition } from '../../../shared/model/instance.ts'
import type { CompletedPrecheck } from '../../../shared/model/precheck.ts'
import { coverageOf, readinessOf } from '../../../shared/model/readiness.ts'
import { demoPassword } from '../../demo/scenes.ts'
import { type WindowsHostFacts, windowsHostAnswers } from '../../emulators/openapi/host-answers.ts'
import { type OpenApi, startOpenApi } from '../../emulators/openapi/server.ts'
import { clientService, clock, linuxHost, volume, windowsHost, writers } from '../../support/facts/host.ts'
import {
  type HistoryChanges,
  group,
  historyOfSales,
  inAvailabilityGroup,
  replicasOfSales,
  withSales,
} from '../../support/facts/sqlserver.ts'
import { reach } from '../../support/facts/connectivity.ts'
import { settings } from '../../support/facts/mysql.ts'
import { onServer, serverWith } from '../../support/facts/oracle.ts'
import { linuxHostWithTools } from '../../support/linux-host.ts'
import { type StandInEngine, type StandIns, startStandIns } from '../../support/stand-ins.ts'
import { type WholePrechecks, startWholePrechecks } from '../../support/whole-prechecks.ts'
import { brokenMySqls } from './gallery/mysql.ts'
import { brokenOracles } from './gallery/oracle.ts'
import { brokenSqlServers } from './gallery/sqlserver.ts'
import type { BrokenMySql, BrokenOracle, BrokenSqlServer } from './gallery/state.ts'

const runCheckRole = { name: 'run-check', accessKeyId: 'STS.test', accessKeySecret: 'secret-of-the-role' }

const healthyWindows: WindowsHostFacts = {
  reach: reach(),
  volumes: [volume({ path: 'C:\\', mount: 'C:\\' }), volume({ path: 'D:\\Data', mount: 'D:\\' })],
  client: { services: [clientService({ name: 'Alibaba Cloud Backup Service', version: '2.11.0' })] },
  writers: writers(),
  clock: clock(),
}

/** The backup account of the registration is in the password file. */
const healthyOracle = serverWith(
  onServer({ kind: 'PASSWORD_FILE', name: 'C##RMAN', value: 'FALSE', detail: 'TRUE' }),
)

const registered = {
  sqlserver: { host: windowsHost, backupAccount: 'backup' },
  oracle: { host: linuxHost, backupAccount: 'c##rman' },
  mysql: { host: linuxHost, backupAccount: 'backup' },
}

/** What is said of the system databases of every SQL Server, by design: no more than a note. */
const ofEverySqlServer = ['MASTER_CONVERTED', 'SIMPLE_BY_SETUP'].map(
  (code) => `SQL_SERVER_DB_IN_SIMPLE_RECOVERY_MODE ${code}`,
)
const ofEvery: Readonly<Record<StandInEngine, readonly string[]>> = {
  sqlserver: ofEverySqlServer,
  oracle: [],
  // No version that Cloud Backup lists is mended any more.
  mysql: ['MYSQL_VERSION SUPPORT_ENDED'],
}

const linux = linuxHostWithTools()
let windows: WindowsHostFacts
let standIns: StandIns
let openApi: OpenApi
let prechecks: WholePrechecks

beforeAll(async () => {
  standIns = await startStandIns()
  openApi = await startOpenApi({
    accountId: '123',
    region: 'cn-hangzhou',
    principals: [runCheckRole],
    authorize: () => true,
    instances: {
      [linuxHost.ecsInstanceId]: { platform: 'Linux', run: linux.run },
      [windowsHost.ecsInstanceId]: { platform: 'Windows', run: windowsHostAnswers(() => windows) },
    },
  })
  prechecks = startWholePrechecks(demoPassword, {
    endpoint: openApi.url,
    credentials: () => Promise.resolve(runCheckRole),
  })
})
afterAll(async () => {
  prechecks.close()
  linux.close()
  await Promise.all([openApi.close(), standIns.close()])
})

let instances = 0

/** A precheck of an instance that, without an id, nobody has seen before: that is all there is to say of the standard set. */
const precheckOf = (
  engine: StandInEngine,
  changes: BrokenOracle['registered'] = () => ({}),
  id = `${engine}-${(instances += 1)}`,
): Promise<CompletedPrecheck> => {
  const usual = standIns.definitionOf(engine, 'env:PRECHECK_SECRET_DB')
  const definition = InstanceDefinition.parse({
    ...usual,
    ...registered[engine],
    checks: { set: 'standard' },
    ...changes(usual),
  })
  return prechecks.of(id, definition)
}

const foundIn = ({ results }: CompletedPrecheck): string[] =>
  results
    .flatMap(({ checkItem, status, reason, findings }) =>
      reason
        ? [`${checkItem} ${status} ${reason.code}`]
        : findings.map(({ message }) => `${checkItem} ${message.code}`),
    )
    .sort()

const sqlServerAs = ({ server = {}, host = {} }: Omit<BrokenSqlServer, 'when' | 'finds'>): void => {
  standIns.become({ sqlServer: server })
  windows = { ...healthyWindows, ...host }
}
const mySqlAs = ({ server = {} }: Omit<BrokenMySql, 'when' | 'finds'>): void => {
  standIns.become({ mysql: server })
  linux.become({})
}
const oracleAs = ({ server = {}, host = {} }: Omit<BrokenOracle, 'when' | 'finds'>): void => {
  standIns.become({ oracle: { server: healthyOracle, ...server } })
  linux.become(host)
}

describe('the standard set finds nothing on a healthy server: every item of it passes', () => {
  it.each(['sqlserver', 'oracle', 'mysql'] as const)('%s', async (engine) => {
    sqlServerAs({})
    oracleAs({})
    const precheck = await precheckOf(engine)
    const asked = checksFor(engine).filter(({ set }) => set !== 'deep')
    const ended = precheck.results.map(({ checkItem, status }) => `${checkItem} ${status}`)
    expect(ended.sort()).toEqual(asked.map(({ id }) => `${id} passed`).sort())
    expect(foundIn(precheck)).toEqual(ofEvery[engine])
    expect(precheck.outcome).toBe('passed')
  })
})

describe('the standard set finds what is broken, and nothing else', () => {
  it.each(brokenSqlServers.map((state) => [state.when, state] as const))(
    'SQL Server: %s',
    async (_, state) => {
      sqlServerAs(state)
      const found = foundIn(await precheckOf('sqlserver', state.registered))
      expect(found).toEqual([...ofEverySqlServer, ...state.finds].sort())
    },
  )

  it.each(brokenOracles.map((state) => [state.when, state] as const))('Oracle: %s', async (_, state) => {
    oracleAs(state)
    expect(foundIn(await precheckOf('oracle', state.registered))).toEqual([...state.finds].sort())
  })

  it.each(brokenMySqls.map((state) => [state.when, state] as const))('MySQL: %s', async (_, state) => {
    mySqlAs(state)
    expect(foundIn(await precheckOf('mysql', state.registered))).toEqual([...state.finds].sort())
  })

  it('and tells how many of its items were judged', async () => {
    sqlServerAs({ server: { backupHistory: null, suspectPages: null } })
    const { checkItems, results } = await precheckOf('sqlserver')
    const total = checkItems.length
    expect(coverageOf(checkItems, results)).toEqual({ judged: total - 5, total })
    const { full, incremental, restore } = readinessOf(checkItems, results).instance
    expect([full, incremental, restore].map(({ coverage }) => coverage.total - coverage.judged)).toEqual([
      1, 2, 4,
    ])
  })

  it('and has the histories of the replicas of a group count together', async () => {
    const ofTheirOwn = { group_id: 'group-of-two', group_database_id: 'database-of-two' }
    const found = async (role: string, history: HistoryChanges) => {
      sqlServerAs({
        server: {
          databases: withSales(inAvailabilityGroup),
          replicas: replicasOfSales(role).map((row) => ({ ...row, ...ofTheirOwn })),
          groups: [group({ group_id: ofTheirOwn.group_id })],
          backupHistory: historyOfSales(history),
        },
      })
      return foundIn(await precheckOf('sqlserver')).filter((each) =>
        each.startsWith('SQL_SERVER_LAST_BACKUP'),
      )
    }
    const logsElsewhere = { last_log_minutes: 5000 }
    expect(await found('PRIMARY', logsElsewhere)).toEqual(['SQL_SERVER_LAST_BACKUP OTHER_REPLICA'])
    expect(await found('SECONDARY', { last_log_minutes: 5 })).toEqual([
      'SQL_SERVER_LAST_BACKUP JUDGED_ELSEWHERE',
    ])
    expect(await found('PRIMARY', logsElsewhere)).toEqual([])
  })

  it('and knows a MySQL again by its server_uuid, where it has one', async () => {
    const found = async (server_uuid: string | undefined) => {
      mySqlAs({ server: { settings: settings({ server_uuid }) } })
      const all = foundIn(await precheckOf('mysql', undefined, 'remembered'))
      return all.filter((each) => each.startsWith('DATABASE_INVENTORY'))
    }
    expect(await found('3e11fa47-71ca-11e1-9e33-c80aa9429562')).toEqual([])
    expect(await found(undefined)).toEqual([])
    expect(await found('3e11fa47-71ca-11e1-9e33-c80aa9429562')).toEqual([])
    const another = '9a1c0b52-c1de-11ee-8a3b-0242ac120002'
    expect(await found(another)).toEqual(['DATABASE_INVENTORY INSTANCE_REPLACED'])
    // Until a full backup, of which a MySQL tells nothing.
    expect(await found(another)).toEqual(['DATABASE_INVENTORY INSTANCE_REPLACED'])
  })

  it('in a hundred states and more', () => {
    const states = [...brokenSqlServers, ...brokenOracles, ...brokenMySqls]
    expect(states.length).toBeGreaterThanOrEqual(100)
  })
})
