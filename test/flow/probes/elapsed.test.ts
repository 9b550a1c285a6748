import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { mysqlProbe } from '../../../shared/adapters/mysql/mysql-probe.ts'
import { oracleProbe } from '../../../shared/adapters/oracle/oracle-probe.ts'
import { sqlServerProbe } from '../../../shared/adapters/sqlserver/sqlserver-probe.ts'
import { MySqlConnection } from '../../../shared/model/connections/mysql.ts'
import { OracleConnection } from '../../../shared/model/connections/oracle.ts'
import { SqlServerConnection } from '../../../shared/model/connections/sqlserver.ts'
import type { Login } from '../../../shared/ports/probe.ts'

/** Hangs up on whoever connects. */
const server = createServer((socket) => socket.on('error', () => undefined).destroy())

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(() => void server.close())

/** More than any of these failures takes. */
const attempt = { password: 'p', limitMs: 60_000 }

const at = (port: number) => ({
  host: '127.0.0.1',
  port,
  credential: { username: 'precheck', password: 'env:PRECHECK_SECRET_X' },
})

const engines: readonly (readonly [string, (port: number) => Promise<Login>])[] = [
  [
    'SQL Server',
    (port) =>
      sqlServerProbe(null)({ engine: 'sqlserver', connection: SqlServerConnection.parse(at(port)) }, attempt),
  ],
  [
    'Oracle',
    (port) => {
      const connection = OracleConnection.parse({ ...at(port), serviceName: 'orcl' })
      return oracleProbe(null)({ engine: 'oracle', connection }, attempt)
    },
  ],
  [
    'MySQL',
    (port) => mysqlProbe(null)({ engine: 'mysql', connection: MySqlConnection.parse(at(port)) }, attempt),
  ],
]

it.each(engines)(
  'a login of %s that fails says how long it took, not how long it might have',
  async (_, logIn) => {
    const refusing = 1
    for (const port of [refusing, (server.address() as AddressInfo).port]) {
      const from = performance.now()
      const login = await logIn(port)
      const tookMs = Math.ceil(performance.now() - from)
      const afterMs = 'problem' in login ? Number(login.problem.params['afterMs']) : Number.NaN
      expect(afterMs).toBeGreaterThanOrEqual(0)
      expect(afterMs).toBeLessThanOrEqual(tookMs)
    }
  },
)
