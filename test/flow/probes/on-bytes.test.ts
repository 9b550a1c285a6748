import { afterAll, beforeAll, expect, it } from 'vitest'
import { MySqlConnection } from '../../../shared/model/connections/mysql.ts'
import { OracleConnection } from '../../../shared/model/connections/oracle.ts'
import { SqlServerConnection } from '../../../shared/model/connections/sqlserver.ts'
import { type DatabaseAddress, logIn } from '../../../shared/ports/probe.ts'
import { realProbes } from '../../../shared/runtime/probes.ts'
import { table as mysqlTable } from '../../emulators/mysql/scenario.ts'
import { type MySqlStandIn, startMySql } from '../../emulators/mysql/server.ts'
import { table as oracleTable } from '../../emulators/oracle/scenario.ts'
import { type OracleStandIn, startOracle } from '../../emulators/oracle/server.ts'
import { table } from '../../emulators/sqlserver/scenario.ts'
import { type SqlServerStandIn, startSqlServer } from '../../emulators/sqlserver/server.ts'
import { type Certificates, makeCertificates } from '../../support/certificates.ts'

const attempt = { password: 'p', limitMs: 20_000 }
const common = { host: 'localhost', credential: { username: 'precheck', password: 'env:X' } }

let certificates: Certificates
let oracle: OracleStandIn
let secureOracle: OracleStandIn
let sqlServer: SqlServerStandIn
let mysql: MySqlStandIn
beforeAll(async () => {
  certificates = await makeCertificates()
  const oracleScenario = { answer: () => oracleTable([{ n: 1 }]), login: () => ({ password: 'p' }) }
  oracle = await startOracle(oracleScenario)
  secureOracle = await startOracle({ ...oracleScenario, certificate: certificates })
  sqlServer = await startSqlServer({
    answer: () => table([{ n: 1 }]),
    tls: 'offered',
    certificate: certificates,
  })
  mysql = await startMySql({
    answer: () => mysqlTable([{ n: 1 }]),
    tls: 'offered',
    certificate: certificates,
  })
})
afterAll(() => Promise.all([oracle, secureOracle, sqlServer, mysql].map((server) => server.close())))

const oracleAt = ({ port }: OracleStandIn, mode: 'off' | 'required'): DatabaseAddress => ({
  engine: 'oracle',
  connection: OracleConnection.parse({
    ...common,
    port,
    serviceName: 'orcl',
    tls: { mode, ca: certificates.ca },
  }),
})
const sqlServerAt = (mode: 'off' | 'required'): DatabaseAddress => ({
  engine: 'sqlserver',
  connection: SqlServerConnection.parse({
    ...common,
    port: sqlServer.port,
    tls: { mode, ca: certificates.ca },
  }),
})

const mysqlAt = (mode: 'off' | 'required'): DatabaseAddress => ({
  engine: 'mysql',
  connection: MySqlConnection.parse({ ...common, port: mysql.port, tls: { mode, ca: certificates.ca } }),
})

it('bytes that come in are told to the login that they belong to, in TLS as well, and to no other', async () => {
  const heard = new Set<string>()
  const addresses = {
    oracle: oracleAt(oracle, 'off'),
    'oracle in TLS': oracleAt(secureOracle, 'required'),
    'SQL Server': sqlServerAt('off'),
    'SQL Server in TLS': sqlServerAt('required'),
    'another SQL Server': sqlServerAt('off'),
    MySQL: mysqlAt('off'),
    'MySQL in TLS': mysqlAt('required'),
  }
  const logins = await Promise.all(
    Object.entries(addresses).map(async ([name, address]) => {
      const login = await logIn(realProbes(null, () => heard.add(name)).databases, address, attempt)
      if ('problem' in login) throw new Error(`${name}: ${login.problem.code}`)
      return { name, session: login.session }
    }),
  )
  expect([...heard].toSorted()).toEqual(Object.keys(addresses).toSorted())
  for (const { name, session } of logins) {
    heard.clear()
    expect(await session.ask('select 1', attempt.limitMs)).toEqual({ rows: [{ n: 1 }] })
    expect([...heard]).toEqual([name])
  }
  for (const { session } of logins) await session.close()
})
