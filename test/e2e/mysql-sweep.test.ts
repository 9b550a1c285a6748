import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { backupAccount, makeAccounts, precheckAccount } from '../support/mariadb/accounts.ts'
import {
  type MariaDb,
  type MariaDbs,
  hasMariaDb,
  mariaDbPackages,
  mariaDbs,
  ready,
} from '../support/mariadb/instance.ts'
import { propertyRuns } from '../support/property-runs.ts'
import { startEmbedded } from '../support/embedded-service.ts'
import { type Service, ask } from '../support/service.ts'

/**
 * A night over real servers of MariaDB, as the service runs it: most are healthy, some broken, one is stopped and one
 * hangs. Thirty of them by `npm run test:full`, six otherwise.
 */

interface Kind {
  readonly name: string
  readonly settings?: readonly string[]
  /** Right before the sweep. */
  readonly make?: (server: MariaDb) => unknown
  /** How the precheck ends, and a code that is among its findings or reasons. */
  readonly status: 'passed' | 'failed' | 'error'
  readonly code?: string
}

const backup = `'${backupAccount.user}'@'%'`
const healthy: Kind = { name: 'healthy', status: 'passed' }
const kinds: readonly Kind[] = [
  { name: 'stopped', make: (server) => server.kill(), status: 'error', code: 'CONNECTION_REFUSED' },
  { name: 'hung', make: (server) => server.pause(), status: 'error', code: '"timed_out"' },
  { name: 'no binary log', settings: [], status: 'failed', code: 'BINLOG_OFF' },
  {
    name: 'a locked account',
    make: (server) => server.run(`ALTER USER ${backup} ACCOUNT LOCK`),
    status: 'failed',
    code: 'ACCOUNT_LOCKED',
  },
  {
    name: 'a right missing',
    make: (server) => server.run(`REVOKE TRIGGER ON *.* FROM ${backup}`),
    status: 'failed',
    code: 'RIGHTS_MISSING',
  },
  {
    name: 'a view of nothing',
    make: (server) =>
      server.run(
        'CREATE DATABASE d; CREATE TABLE d.t (id INT); CREATE VIEW d.v AS SELECT * FROM d.t; DROP TABLE d.t',
      ),
    status: 'failed',
    code: 'VIEW_INVALID',
  },
  {
    name: 'a lost binary log',
    make: (server) => {
      server.run('FLUSH BINARY LOGS')
      rmSync(join(server.data, 'binlog.000001'))
    },
    status: 'failed',
    code: 'LOG_FILE_LOST',
  },
  {
    name: 'a locked table',
    make: async (server) => {
      server.run('CREATE DATABASE d; CREATE TABLE d.t (id INT)')
      await (await server.session()).query('LOCK TABLES d.t WRITE')
    },
    status: 'failed',
    code: 'TABLE_LOCKED',
  },
  {
    name: 'no such login',
    make: (server) => server.run(`DROP USER '${precheckAccount.user}'@'%'`),
    status: 'error',
    code: 'MYSQL_PLAINTEXT_LOGIN_FAILED',
  },
]

/** Two of each kind but the first two, and healthy ones up to thirty; in CI one of six. */
const thirty: readonly Kind[] = [...kinds, ...kinds.slice(2), ...Array.from({ length: 14 }, () => healthy)]
const six: readonly Kind[] = [...kinds.slice(0, 4), healthy, healthy]
const fleet = propertyRuns(1) > 1 ? thirty : six

/** Of an item against a server that is hung, s: what a sweep may take does not grow with the number of servers. */
const itemSeconds = 10

describe.skipIf(!hasMariaDb)(`a sweep of ${fleet.length} servers of MariaDB (${mariaDbPackages})`, () => {
  let dbs: MariaDbs
  let service: Service
  let servers: readonly MariaDb[]

  const call = (method: string, path: string, body?: unknown) => ask(service, method, path, { body })

  const register = async (id: string, { port }: MariaDb): Promise<void> => {
    const { status, text } = await call('PUT', `/v1/instances/${id}`, {
      engine: 'mysql',
      region: 'cn-hangzhou',
      profile: 'native',
      checks: { set: 'deep' },
      backupAccount: backupAccount.user,
      connection: {
        host: '127.0.0.1',
        port,
        tls: { mode: 'off' },
        credential: { username: precheckAccount.user, password: service.passwordReference },
      },
    })
    expect([status, text]).toEqual([201, expect.any(String)])
  }

  beforeAll(async () => {
    dbs = mariaDbs()
    service = await startEmbedded({ password: precheckAccount.password, itemSeconds })
    const started: MariaDb[] = []
    for (const { settings } of fleet) started.push(await dbs.start(settings ?? ready))
    servers = started
    for (const server of servers) makeAccounts(server)
    for (const [index, server] of servers.entries()) await register(`db${index}`, server)
    for (const [index, kind] of fleet.entries()) {
      const server = servers[index]
      if (server) await kind.make?.(server)
    }
  })

  afterAll(async () => {
    for (const server of servers) server.resume()
    await service.close()
    await dbs.end()
  })

  it('judges every one of them, and is held up by none', async () => {
    const asked = await call('POST', '/v1/sweeps', {})
    expect(asked.status).toBe(202)
    await expect
      .poll(async () => {
        await service.tick()
        return (await call('GET', `/v1/sweeps/${asked.json.id}`)).json?.state
      })
      .toBe('completed')
    for (const [index, { name, status, code }] of fleet.entries()) {
      const { json: history } = await call('GET', `/v1/instances/db${index}/prechecks`)
      expect([name, history.items.length]).toEqual([name, 1])
      const { json, text } = await call('GET', `/v1/prechecks/${history.items[0]?.id}`)
      expect([name, json.state]).toEqual([name, 'completed'])
      const statuses = json.items.map((item: { readonly status: string }) => item.status)
      const worst = ['failed', 'error', 'timed_out'].find((each) => statuses.includes(each)) ?? 'passed'
      expect([name, worst === 'timed_out' ? 'error' : worst]).toEqual([name, status])
      if (code !== undefined) expect(`${name}: ${text}`).toContain(code)
    }
  })
})
