import { once } from 'node:events'
import { type Socket, createServer } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import * as mysql from '../../emulators/mysql/hostile-answers.ts'
import type { Answer as MySqlAnswer, MySqlScenario } from '../../emulators/mysql/scenario.ts'
import { startMySql } from '../../emulators/mysql/server.ts'
import { answersOf as oracleAnswers } from '../../emulators/oracle/catalogue-answers.ts'
import * as oracle from '../../emulators/oracle/hostile-answers.ts'
import type { OracleScenario, Answer as OracleAnswer } from '../../emulators/oracle/scenario.ts'
import { startOracle } from '../../emulators/oracle/server.ts'
import { pour } from '../../emulators/pour.ts'
import * as sqlServer from '../../emulators/sqlserver/hostile-answers.ts'
import type { Answer as SqlServerAnswer, SqlServerScenario } from '../../emulators/sqlserver/scenario.ts'
import { startSqlServer } from '../../emulators/sqlserver/server.ts'
import { makeCertificates } from '../../support/certificates.ts'

/** A server that somebody has taken over, and how it is registered. */
export interface HostileServer {
  readonly name: string
  readonly definition: object
}

/** Nobody listens there. */
const deadPort = 1

const credential = { username: 'precheck', password: 'env:PRECHECK_SECRET_DB' }
const region = 'cn-hangzhou'

const sqlServerThat = async (
  name: string,
  scenario: Partial<SqlServerScenario>,
  mode = 'off',
): Promise<HostileServer> => {
  const { port } = await startSqlServer({ answer: () => undefined, ...scenario })
  const connection = { host: '127.0.0.1', port, credential, tls: { mode } }
  return { name: `sqlserver-${name}`, definition: { engine: 'sqlserver', region, connection } }
}

const oracleThat = async (name: string, scenario: Partial<OracleScenario>): Promise<HostileServer> => {
  const login = () => ({ password: process.env['PRECHECK_SECRET_DB'] ?? '' })
  const { port } = await startOracle({ answer: () => undefined, login, ...scenario })
  const connection = { host: '127.0.0.1', port, serviceName: 'orcl', credential, redirects: ['127.0.0.0/8'] }
  return { name: `oracle-${name}`, definition: { engine: 'oracle', region, connection } }
}

const mysqlThat = async (
  name: string,
  scenario: Partial<MySqlScenario>,
  mode = 'off',
): Promise<HostileServer> => {
  const { port } = await startMySql({ answer: () => undefined, ...scenario })
  const connection = { host: '127.0.0.1', port, credential, tls: { mode } }
  return { name: `mysql-${name}`, definition: { engine: 'mysql', region, connection } }
}

/** An instance whose endpoints are hostile, in TLS or before it; nobody listens where its database should be. */
const endpointThat = async (
  name: string,
  serve: (socket: Socket) => void,
  certificate?: { readonly key: string; readonly cert: string; readonly ca: string },
): Promise<HostileServer> => {
  const server = certificate ? createTlsServer(certificate, serve) : createServer(serve)
  server.on('connection', (socket: Socket) => socket.on('error', () => socket.destroy()))
  server.on('tlsClientError', () => undefined)
  server.on('secureConnection', (socket: Socket) => socket.on('error', () => socket.destroy()))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const url = `https://localhost:${typeof address === 'object' && address ? address.port : 0}/`
  const connection = { host: '127.0.0.1', port: deadPort, serviceName: 'orcl', credential }
  const endpoints = { oss: url, service: [url], ...(certificate && { ca: certificate.ca }) }
  return { name: `endpoint-${name}`, definition: { engine: 'oracle', region, connection, endpoints } }
}

const sqlServerAnswering = (name: string, answer: SqlServerAnswer): Promise<HostileServer> =>
  sqlServerThat(name, { answer: () => answer })
const oracleAnswering = (name: string, answer: OracleAnswer): Promise<HostileServer> =>
  oracleThat(name, { answer: () => answer })

const mysqlAnswering = (name: string, answer: MySqlAnswer): Promise<HostileServer> =>
  mysqlThat(name, { answer: () => answer })

/** Starts hostile servers of every kind that there is. They end with the process. */
export const startHostileServers = async (): Promise<readonly HostileServer[]> => {
  const certificates = await makeCertificates()
  const kilobyte = Buffer.from('x'.repeat(1024))
  const other = await startOracle({ answer: oracleAnswers({}), listener: () => ({ redirect: deadPort }) })
  return Promise.all([
    sqlServerAnswering('endless-rows', sqlServer.endlessRows),
    sqlServerAnswering('many-columns', sqlServer.manyColumns),
    sqlServerAnswering('endless-nulls', sqlServer.endlessNullRows),
    sqlServerAnswering('endless-messages', sqlServer.endlessMessages),
    sqlServerAnswering('huge-value', sqlServer.hugeValue),
    sqlServerAnswering('drip', sqlServer.drip),
    sqlServerAnswering('half-row', { fault: 'drop' }),
    sqlServerAnswering('garbage', { fault: 'garbage' }),
    sqlServerAnswering('silence', { fault: 'hang' }),
    sqlServerThat('endless-prelogin', { preLogin: 'endless' }),
    sqlServerThat('downgrade', { preLogin: { lie: 'off' } }, 'required'),
    sqlServerThat('routing', { login: () => ({ server: '127.0.0.1', port: deadPort }) }),
    oracleAnswering('endless-rows', oracle.endlessRows),
    oracleAnswering('many-columns', oracle.manyColumns),
    oracleAnswering('million-rows', oracle.millionRowsOf(60)),
    oracleAnswering('endless-value', oracle.endlessValue),
    oracleAnswering('huge-value', oracle.hugeValue),
    oracleAnswering('drip', oracle.drip),
    oracleAnswering('half-row', { fault: 'drop' }),
    oracleAnswering('garbage', { fault: 'garbage' }),
    oracleThat('silence', { afterAccept: 'hang' }),
    oracleThat('redirect', { listener: () => ({ redirect: other.port }) }),
    mysqlAnswering('endless-rows', mysql.endlessRows),
    mysqlAnswering('many-columns', mysql.manyColumns),
    mysqlAnswering('endless-nulls', mysql.endlessNullRows),
    mysqlAnswering('endless-results', mysql.endlessResults),
    mysqlAnswering('huge-value', mysql.hugeValue),
    mysqlAnswering('lying-lengths', mysql.lyingLengths),
    mysqlAnswering('drip', mysql.drip),
    mysqlAnswering('half-row', { fault: 'drop' }),
    mysqlAnswering('garbage', { fault: 'garbage' }),
    mysqlAnswering('silence', { fault: 'hang' }),
    mysqlAnswering('file', { file: '/etc/passwd' }),
    mysqlThat('endless-greeting', { greeting: 'endless' }),
    mysqlThat('downgrade', { tls: 'none' }, 'required'),
    mysqlThat('password', { plugin: 'sha256_password' }),
    mysqlThat('half-open', { staysOpen: true, login: () => 'hang' }),
    endpointThat('garbage', (socket) => pour(socket, { chunk: kilobyte })),
    endpointThat('endless-headers', (socket) => pour(socket, { chunk: kilobyte }), certificates),
    endpointThat('drip', (socket) => pour(socket, { chunk: Buffer.from('H'), everyMs: 20 }), certificates),
  ])
}
