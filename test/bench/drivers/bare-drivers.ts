import { Agent, request } from 'node:https'
import { type SecureContext, createSecureContext, rootCertificates } from 'node:tls'
import { createConnection } from 'mysql2/promise'
import oracledb from 'oracledb'
import { Connection, Request } from 'tedious'
import { type PeerFactory, noServer } from '../peers/peer.ts'
import { type Servers, password, readServers, statementsOf } from './targets.ts'

/** The floor of the drivers: what one precheck asks, once, with nothing around it. One login, every statement once, both endpoints. */

type Ask = () => Promise<void>

const runStatement = (connection: Connection, sql: string): Promise<void> =>
  new Promise((resolve, reject) => {
    connection.execSqlBatch(new Request(sql, (fault) => (fault ? reject(fault) : resolve())))
  })

const askSqlServer = ({ sqlServerPort, ca }: Servers): Ask => {
  const statements = statementsOf('sqlserver')
  return async () => {
    const connection = new Connection({
      server: 'localhost',
      authentication: { type: 'default', options: { userName: 'precheck', password } },
      options: { port: sqlServerPort, encrypt: true, cryptoCredentialsDetails: { ca } },
    })
    await new Promise<void>((resolve, reject) => {
      connection.connect((fault) => (fault ? reject(fault) : resolve()))
    })
    for (const sql of statements) await runStatement(connection, sql)
    connection.close()
  }
}

const askOracle = ({ oraclePort }: Servers): Ask => {
  const statements = statementsOf('oracle')
  return async () => {
    const connectString = `localhost:${oraclePort}/orcl`
    const connection = await oracledb.getConnection({ user: 'precheck', password, connectString })
    for (const sql of statements) await connection.execute(sql, [], { outFormat: oracledb.OUT_FORMAT_OBJECT })
    await connection.close()
  }
}

const askMySql = ({ mysqlPort, ca }: Servers): Ask => {
  const statements = statementsOf('mysql')
  return async () => {
    const connection = await createConnection({
      host: 'localhost',
      port: mysqlPort,
      user: 'precheck',
      password,
      ssl: { ca },
    })
    // Of two statements that say the same, each version refuses one.
    for (const sql of statements) await connection.query(sql).catch(() => undefined)
    await connection.end()
  }
}

/** With a handshake of its own, as a check has it: one that a former one vouches for would not see the certificate. */
const reach = (url: string, secureContext: SecureContext): Promise<void> =>
  new Promise((resolve, reject) => {
    const agent = new Agent({ maxCachedSessions: 0, secureContext })
    request(url, { method: 'HEAD', agent }, (response) => {
      response.resume()
      response.once('end', resolve)
    })
      .once('error', reject)
      .end()
  })

const bare =
  (askerOf: (servers: Servers) => Ask): PeerFactory =>
  async () => {
    const servers = readServers()
    const ask = askerOf(servers)
    const secureContext = createSecureContext({ ca: [...rootCertificates, servers.ca] })
    return {
      run: async () => {
        await Promise.all([ask(), ...servers.endpoints.map((url) => reach(url, secureContext))])
      },
      serverUsage: noServer,
      close: async () => undefined,
    }
  }

/** One login with TLS, and the rest. */
export const bareSqlServer = bare(askSqlServer)
export const bareOracle = bare(askOracle)
export const bareMySql = bare(askMySql)
