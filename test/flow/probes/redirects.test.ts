import { once } from 'node:events'
import { type Server, createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mysqlProbe } from '../../../shared/adapters/mysql/mysql-probe.ts'
import { oracleProbe } from '../../../shared/adapters/oracle/oracle-probe.ts'
import { sqlServerProbe } from '../../../shared/adapters/sqlserver/sqlserver-probe.ts'
import { MySqlConnection } from '../../../shared/model/connections/mysql.ts'
import { OracleConnection } from '../../../shared/model/connections/oracle.ts'
import { SqlServerConnection } from '../../../shared/model/connections/sqlserver.ts'
import * as mysql from '../../emulators/mysql/scenario.ts'
import { type MySqlStandIn, startMySql } from '../../emulators/mysql/server.ts'
import * as oracle from '../../emulators/oracle/scenario.ts'
import { type OracleStandIn, startOracle } from '../../emulators/oracle/server.ts'
import * as sqlserver from '../../emulators/sqlserver/scenario.ts'
import { type SqlServerStandIn, startSqlServer } from '../../emulators/sqlserver/server.ts'
import { type Certificates, makeCertificates } from '../../support/certificates.ts'
import { askOnce, codeOfOutcome } from '../../support/probes.ts'

const loopback = ['127.0.0.0/8']
const password = 'p'

let certificates: Certificates
/** Listens where nobody may be sent, and remembers what it is told. */
let bystander: Server
let bystanderPort: number
const told: Buffer[] = []
let visits = 0

const oracles: OracleStandIn[] = []
const sqlServers: SqlServerStandIn[] = []
const mysqls: MySqlStandIn[] = []

const oracleThat = async (scenario: Partial<oracle.OracleScenario>): Promise<OracleStandIn> => {
  const answer = () => oracle.table([{ n: 1 }])
  const server = await startOracle({ answer, login: () => ({ password }), ...scenario })
  oracles.push(server)
  return server
}
const sqlServerThat = async (scenario: Partial<sqlserver.SqlServerScenario>): Promise<SqlServerStandIn> => {
  const server = await startSqlServer({
    answer: () => sqlserver.table([{ n: 1 }]),
    certificate: certificates,
    ...scenario,
  })
  sqlServers.push(server)
  return server
}
const mysqlThat = async (scenario: Partial<mysql.MySqlScenario>): Promise<MySqlStandIn> => {
  const server = await startMySql({ answer: () => mysql.table([{ n: 1 }]), ...scenario })
  mysqls.push(server)
  return server
}

beforeAll(async () => {
  certificates = await makeCertificates()
  bystander = createServer((socket) => {
    visits += 1
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => told.push(chunk))
  })
  bystander.listen(0, '127.0.0.1')
  await once(bystander, 'listening')
  const address = bystander.address()
  bystanderPort = typeof address === 'object' && address ? address.port : 0
})
afterAll(async () => {
  await Promise.all([...oracles, ...sqlServers, ...mysqls].map((server) => server.close()))
  bystander.close()
})

const askOracle = async (port: number, more: object = {}, networks: readonly string[] | null = null) => {
  const connection = OracleConnection.parse({
    host: '127.0.0.1',
    port,
    serviceName: 'orcl',
    credential: { username: 'precheck', password: 'env:X' },
    ...more,
  })
  return codeOfOutcome(
    await askOnce(
      oracleProbe(networks),
      { engine: 'oracle', connection },
      { password, limitMs: 5000 },
      'select 1',
    ),
  )
}

const askSqlServer = async (port: number, more: object = {}, networks: readonly string[] | null = null) => {
  const connection = SqlServerConnection.parse({
    host: '127.0.0.1',
    port,
    credential: { username: 'precheck', password: 'env:X' },
    tls: { mode: 'off' },
    ...more,
  })
  const address = { engine: 'sqlserver', connection } as const
  return codeOfOutcome(
    await askOnce(sqlServerProbe(networks), address, { password, limitMs: 5000 }, 'SELECT 1'),
  )
}

const askMySql = async (port: number, more: object = {}, networks: readonly string[] | null = null) => {
  const connection = MySqlConnection.parse({
    host: '127.0.0.1',
    port,
    credential: { username: 'precheck', password: 'env:X' },
    tls: { mode: 'off' },
    ...more,
  })
  const address = { engine: 'mysql', connection } as const
  return codeOfOutcome(await askOnce(mysqlProbe(networks), address, { password, limitMs: 5000 }, 'SELECT 1'))
}

const addressOf = (port: number, host = '127.0.0.1', protocol = 'tcp'): string =>
  `(ADDRESS=(PROTOCOL=${protocol})(HOST=${host})(PORT=${port}))`
const connectData = '(DESCRIPTION=(CONNECT_DATA=(SERVICE_NAME=orcl)(INSTANCE_NAME=orcl2)))'

describe('a listener of Oracle', () => {
  it('sends a session on to where the registration allows, once, with one login', async () => {
    const node = await oracleThat({})
    const scan = await oracleThat({ listener: () => ({ redirect: node.port }) })
    expect(await askOracle(scan.port, { redirects: loopback })).toBeUndefined()
    expect([scan.seen.logins.length, node.seen.logins.length]).toEqual([0, 1])
  })

  it('sends no session to a third address', async () => {
    const second = await oracleThat({ listener: () => ({ redirect: bystanderPort }) })
    const first = await oracleThat({ listener: () => ({ redirect: second.port }) })
    visits = 0
    expect(await askOracle(first.port, { redirects: loopback })).toBe('REDIRECT_REPEATED')
    expect(visits).toBe(0)
  })

  it.each([
    ['without a word in the registration', {}],
    ['with "none"', { redirects: 'none' }],
    ['with "same-network"', { redirects: 'same-network' }],
    ['with other networks', { redirects: ['10.0.0.0/8'] }],
  ])('sends no session to a port of this machine %s', async (_, more) => {
    const scan = await oracleThat({ listener: () => ({ redirect: bystanderPort }) })
    visits = 0
    expect(await askOracle(scan.port, more)).toBe('REDIRECT_REFUSED')
    expect(visits).toBe(0)
  })

  it('cannot have a text of its own sent to a service that is no listener', async () => {
    const text = `${addressOf(bystanderPort)}\0\r\nFLUSHALL\r\n`
    const scan = await oracleThat({ listener: () => ({ redirect: text }) })
    told.length = 0
    expect(await askOracle(scan.port, { redirects: loopback })).toBe('REDIRECT_UNREADABLE')
    expect(Buffer.concat(told).toString('latin1')).not.toContain('FLUSHALL')
  })

  it('cannot have a long text sent either, which goes in a packet of its own', async () => {
    const text = `${addressOf(bystanderPort)}\0(DESCRIPTION=${'x'.repeat(500)}\r\nFLUSHALL\r\n)`
    const scan = await oracleThat({ listener: () => ({ redirect: text }) })
    told.length = 0
    expect(await askOracle(scan.port, { redirects: loopback })).toBe('REDIRECT_UNREADABLE')
    expect(Buffer.concat(told).toString('latin1')).not.toContain('FLUSHALL')
  })

  it('may say which instance of a cluster is to take the session', async () => {
    const node = await oracleThat({})
    const scan = await oracleThat({
      listener: () => ({ redirect: `${addressOf(node.port)}\0${connectData}` }),
    })
    expect(await askOracle(scan.port, { redirects: loopback })).toBeUndefined()
    expect(node.seen.connectData.at(-1)).toContain('(INSTANCE_NAME=orcl2)')
  })

  it('that speaks TLS cannot send a session on without it', async () => {
    const secure = await oracleThat({
      certificate: certificates,
      listener: () => ({ redirect: `${addressOf(bystanderPort)}\0${connectData}` }),
    })
    told.length = 0
    const tls = { mode: 'required', ca: certificates.ca }
    expect(await askOracle(secure.port, { host: 'localhost', tls, redirects: loopback })).toBe(
      'REDIRECT_TO_PLAINTEXT',
    )
    expect(told).toEqual([])
  })

  it('that speaks TLS may send it on with it, to a certificate that names the registered host', async () => {
    const node = await oracleThat({ certificate: certificates })
    const redirect = `${addressOf(node.port, '127.0.0.1', 'tcps')}\0${connectData}`
    const scan = await oracleThat({ certificate: certificates, listener: () => ({ redirect }) })
    const tls = { mode: 'required', ca: certificates.ca }
    expect(await askOracle(scan.port, { host: 'localhost', tls, redirects: loopback })).toBeUndefined()
  })

  it.each([
    ['link-local', '169.254.169.254'],
    ['of metadata', '100.100.100.200'],
  ])('sends no session to an address that is %s, whatever is allowed', async (_, host) => {
    const scan = await oracleThat({
      listener: () => ({ redirect: `${addressOf(80, host)}\0${connectData}` }),
    })
    expect(await askOracle(scan.port, { redirects: ['0.0.0.0/0'] })).toBe('ADDRESS_NOT_ALLOWED')
  })

  it('cannot have a proxy called', async () => {
    const redirect = `(DESCRIPTION=(ADDRESS=(PROTOCOL=tcps)(HOST=127.0.0.1)(PORT=9)(HTTPS_PROXY=127.0.0.1)(HTTPS_PROXY_PORT=${bystanderPort}))(CONNECT_DATA=(SID=x)))\0${connectData}`
    const scan = await oracleThat({ listener: () => ({ redirect }) })
    told.length = 0
    expect(await askOracle(scan.port, { redirects: loopback })).toMatch(/^REDIRECT_|^LOGIN_|^CONNECTION_/)
    expect(told).toEqual([])
  })
})

describe('a server of SQL Server', () => {
  it('sends a session on to where the registration allows, with one login at each', async () => {
    const node = await sqlServerThat({})
    const gateway = await sqlServerThat({ login: () => ({ server: '127.0.0.1', port: node.port }) })
    expect(await askSqlServer(gateway.port, { redirects: loopback })).toBeUndefined()
    expect([gateway.seen.logins.length, node.seen.logins.length]).toEqual([1, 1])
    expect(gateway.seen.connections).toBe(1)
  })

  it('that sends every session back to itself gets the password twice at the most', async () => {
    const circle: SqlServerStandIn = await sqlServerThat({
      login: () => ({ server: '127.0.0.1', port: circle.port }),
    })
    expect(await askSqlServer(circle.port, { redirects: loopback })).toBe('REDIRECT_REPEATED')
    expect(circle.seen.logins.length).toBe(2)
  })

  it.each([
    ['without a word in the registration', {}],
    ['with "none"', { redirects: 'none' }],
    ['with "same-network"', { redirects: 'same-network' }],
    ['with other networks', { redirects: ['10.0.0.0/8'] }],
  ])('gets one login, and nobody else any, if it sends a session on %s', async (_, more) => {
    const gateway = await sqlServerThat({ login: () => ({ server: '127.0.0.1', port: bystanderPort }) })
    visits = 0
    expect(await askSqlServer(gateway.port, more)).toBe('REDIRECT_REFUSED')
    expect([gateway.seen.logins.length, visits]).toEqual([1, 0])
  })

  it.each([
    ['a name that is none', { server: 'a b\r\nc', port: 1433 }, 'REDIRECT_UNREADABLE'],
    ['port 0', { server: '127.0.0.1', port: 0 }, 'REDIRECT_UNREADABLE'],
    ['a link-local address', { server: '169.254.169.254', port: 80 }, 'ADDRESS_NOT_ALLOWED'],
    ['a name without an address', { server: 'no-such-host.invalid', port: 1433 }, 'HOST_UNKNOWN'],
  ])('that sends a session on to %s is left', async (_, to, code) => {
    const gateway = await sqlServerThat({ login: () => to })
    expect(await askSqlServer(gateway.port, { redirects: ['0.0.0.0/0'] })).toBe(code)
    expect(gateway.seen.logins.length).toBe(1)
  })

  it('that speaks TLS cannot send a session on without it', async () => {
    const node = await sqlServerThat({ tls: 'none' })
    const gateway = await sqlServerThat({
      tls: 'required',
      login: () => ({ server: '127.0.0.1', port: node.port }),
    })
    const tls = { mode: 'required', ca: certificates.ca, serverName: 'localhost' }
    expect(await askSqlServer(gateway.port, { tls, redirects: loopback })).toBe('TLS_NOT_OFFERED')
    expect(node.seen.logins).toEqual([])
  })
})

describe('a server of MySQL', () => {
  // As gateways of Azure say it, and MariaDB since 11.3.
  it.each([
    ['Location:', () => `Location: mysql://127.0.0.1:${bystanderPort}/user=precheck&ttl=60\n`],
    ['an address', () => `mysql://127.0.0.1:${bystanderPort}`],
  ])('that names another one, by %s, is asked itself, with one login', async (_, info) => {
    const gateway = await mysqlThat({ info: info() })
    visits = 0
    expect(await askMySql(gateway.port)).toBeUndefined()
    expect([gateway.seen.logins.length, gateway.seen.connections, visits]).toEqual([1, 1, 0])
  })
})

describe('an address of a database', () => {
  it('outside of the networks of the service is not connected to', async () => {
    visits = 0
    const networks = ['10.0.0.0/8']
    expect(await askOracle(bystanderPort, {}, networks)).toBe('ADDRESS_NOT_ALLOWED')
    expect(await askSqlServer(bystanderPort, {}, networks)).toBe('ADDRESS_NOT_ALLOWED')
    expect(await askMySql(bystanderPort, {}, networks)).toBe('ADDRESS_NOT_ALLOWED')
    expect(await askMySql(bystanderPort, { host: 'localhost' }, networks)).toBe('ADDRESS_NOT_ALLOWED')
    expect(await askOracle(bystanderPort, { host: 'localhost' }, networks)).toBe('ADDRESS_NOT_ALLOWED')
    expect(await askSqlServer(bystanderPort, { host: 'localhost' }, networks)).toBe('ADDRESS_NOT_ALLOWED')
    const named = { port: undefined, instanceName: 'ORDERS' }
    expect(await askSqlServer(0, named, networks)).toBe('ADDRESS_NOT_ALLOWED')
    expect(visits).toBe(0)
  })

  it('inside of them is', async () => {
    const [oracleServer, sqlServer] = [await oracleThat({}), await sqlServerThat({})]
    const { port } = await mysqlThat({})
    expect(await askOracle(oracleServer.port, {}, loopback)).toBeUndefined()
    expect(await askSqlServer(sqlServer.port, {}, loopback)).toBeUndefined()
    expect(await askMySql(port, {}, loopback)).toBeUndefined()
  })

  it.each(['169.254.169.254', '100.100.100.200', '2852039166', 'fe80::1'])(
    'that is %s is not connected to, whatever the networks',
    async (host) => {
      expect(await askOracle(80, { host })).toBe('ADDRESS_NOT_ALLOWED')
      expect(await askSqlServer(80, { host })).toBe('ADDRESS_NOT_ALLOWED')
      expect(await askMySql(80, { host })).toBe('ADDRESS_NOT_ALLOWED')
    },
  )
})
