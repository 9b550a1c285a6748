import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mysqlProbe } from '../../../shared/adapters/mysql/mysql-probe.ts'
import { settingsQuery } from '../../../shared/checks/mysql/settings.ts'
import { MySqlConnection } from '../../../shared/model/connections/mysql.ts'
import type { DatabaseSession } from '../../../shared/ports/probe.ts'
import { type Certificates, makeCertificates } from '../../support/certificates.ts'
import {
  type MariaDb,
  type MariaDbs,
  hasMariaDb,
  mariaDbPackages,
  mariaDbs,
} from '../../support/mariadb/instance.ts'
import { askOnce, codeOfOutcome } from '../../support/probes.ts'

/** A real MariaDB, with accounts in every state. Skipped, visibly, where Debian's package is not installed. */

const password = 'never-to-be-seen-anywhere'

const account = (user: string, more = ''): string =>
  `CREATE USER ${user}@'%' IDENTIFIED BY '${password}'${more};`

const statements = [
  account('precheck'),
  account('locked', ' ACCOUNT LOCK'),
  account('expired', ' PASSWORD EXPIRE'),
  account('tlsonly', ' REQUIRE SSL'),
  account('busy', ' WITH MAX_USER_CONNECTIONS 1'),
]

let dbs: MariaDbs
let certificates: Certificates
let server: MariaDb
beforeAll(async () => {
  if (!hasMariaDb) return
  dbs = mariaDbs()
  certificates = await makeCertificates()
  const files = { ca: certificates.ca, cert: certificates.cert, key: certificates.key }
  for (const [name, pem] of Object.entries(files))
    writeFileSync(join(dbs.folder, `${name}.pem`), pem, { mode: 0o644 })
  const settings = [
    `--ssl-ca=${join(dbs.folder, 'ca.pem')}`,
    `--ssl-cert=${join(dbs.folder, 'cert.pem')}`,
    `--ssl-key=${join(dbs.folder, 'key.pem')}`,
    '--log-bin=binlog',
    '--server-id=7',
  ]
  server = await dbs.start(settings)
  server.run(statements.join('\n'))
})
afterAll(async () => {
  if (hasMariaDb) await dbs.end()
})

type Tls = Partial<MySqlConnection['tls']>
const plain: Tls = { mode: 'off' }

const addressOf = (user: string, tls: Tls) => ({
  engine: 'mysql' as const,
  connection: MySqlConnection.parse({
    host: '127.0.0.1',
    port: server.port,
    credential: { username: user, password: 'env:PRECHECK_SECRET_X' },
    tls,
  }),
})

const ask = (sql: string, { user = 'precheck', tls = plain, given = password, limitMs = 20_000 } = {}) =>
  askOnce(mysqlProbe(null), addressOf(user, tls), { password: given, limitMs }, sql)

const logIn = async (user: string): Promise<DatabaseSession> => {
  const login = await mysqlProbe(null)(addressOf(user, plain), { password, limitMs: 5000 })
  if ('problem' in login) throw new Error(login.problem.code)
  return login.session
}

describe.skipIf(!hasMariaDb)(`a real MariaDB (${mariaDbPackages})`, () => {
  it.each([
    ['without TLS', () => plain],
    ['with TLS', (): Tls => ({ mode: 'required', ca: certificates.ca })],
  ])('answers the settings that the items ask for, %s', async (_, tls) => {
    const outcome = await ask(settingsQuery.sql, { tls: tls() })
    const rows = 'rows' in outcome ? outcome.rows : []
    expect(rows).toContainEqual({ variable_name: 'log_bin', value: 'ON' })
    expect(rows).toContainEqual({ variable_name: 'server_id', value: '7' })
    expect(rows.find((row) => row['variable_name'] === 'version')?.['value']).toMatch(/MariaDB/)
  })

  it('is told its limits', async () => {
    const sql = 'SELECT @@lock_wait_timeout AS waits, @@max_statement_time AS runs'
    expect(await ask(sql, { limitMs: 4000 })).toEqual({ rows: [{ waits: 2, runs: 3 }] })
  })

  it('stops a slow statement, after which the session goes on', async () => {
    const session = await logIn('precheck')
    expect(codeOfOutcome(await session.ask('SELECT SLEEP(60)', 1000))).toBe('QUERY_TIMED_OUT')
    expect(await session.ask('SELECT 1 AS one', 5000)).toEqual({ rows: [{ one: 1 }] })
    await session.close()
  })

  it.each([
    ['a wrong password', 'precheck', 'another', 'MYSQL_PLAINTEXT_LOGIN_FAILED'],
    ['an unknown user', 'nobody', password, 'MYSQL_PLAINTEXT_LOGIN_FAILED'],
    ['a locked account', 'locked', password, 'ACCOUNT_LOCKED'],
    ['an expired password', 'expired', password, 'PASSWORD_EXPIRED'],
    ['an account that requires TLS', 'tlsonly', password, 'MYSQL_PLAINTEXT_LOGIN_FAILED'],
  ])('with %s: %s', async (_, user, given, code) => {
    const outcome = await ask('SELECT 1', { user, given })
    expect(codeOfOutcome(outcome)).toBe(code)
    expect(JSON.stringify(outcome)).not.toContain(password)
  })

  it('lets an account that requires TLS in with it, and no wrong password', async () => {
    const tls: Tls = { mode: 'required', ca: certificates.ca }
    expect(await ask('SELECT 1 AS one', { user: 'tlsonly', tls })).toHaveProperty('rows')
    expect(codeOfOutcome(await ask('SELECT 1', { tls, given: 'another' }))).toBe('LOGIN_FAILED')
    expect(codeOfOutcome(await ask('SELECT 1', { tls: { mode: 'required' } }))).toBe(
      'TLS_CERTIFICATE_UNTRUSTED',
    )
  })

  it('has no room for another login of an account', async () => {
    const first = await logIn('busy')
    expect(codeOfOutcome(await ask('SELECT 1', { user: 'busy' }))).toBe('MYSQL_ACCOUNT_LIMIT_REACHED')
    await first.close()
  })

  it.each([
    ['SELECT User FROM mysql.user', 'PRIVILEGE_MISSING'],
    ['SHOW BINARY LOGS', 'PRIVILEGE_MISSING'],
    ['SHOW BINARY LOG STATUS', 'MYSQL_STATEMENT_UNKNOWN'],
    ['SELECT @@gtid_purged', 'MYSQL_STATEMENT_UNKNOWN'],
  ])('refuses %s: %s', async (sql, code) => {
    const outcome = await ask(sql)
    expect(outcome).toHaveProperty('refused')
    expect(codeOfOutcome(outcome)).toBe(code)
  })
})
