import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Health } from '../../shared/model/health.ts'
import { databaseQueries } from '../../shared/checks/sqlserver/databases.ts'
import { answersOf } from '../emulators/sqlserver/catalogue-answers.ts'
import { type SqlServerStandIn, startSqlServer } from '../emulators/sqlserver/server.ts'
import { type HostProcess, startHostProcess } from '../support/processes.ts'
import { credential, password } from '../support/run-check.ts'
import { someOf } from '../support/property-runs.ts'
import { ask } from '../support/service.ts'

/** Debian's faketime: the wall clock of a process is what a file says, by now (faketime(1)). */
const library = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/faketime/libfaketimeMT.so.1`

const hour = 3600
const day = 24 * hour

describe.skipIf(!existsSync(library))('a host whose wall clock is set', () => {
  let folder: string
  let host: HostProcess
  let server: SqlServerStandIn
  /** A statement of the slow server takes so long, ms. */
  let slowMs = 0

  beforeAll(async () => {
    const answer = answersOf({})
    const slow = databaseQueries.databases?.sql
    server = await startSqlServer({
      answer: (sql) => {
        const given = answer(sql)
        return given && sql === slow ? { ...given, delayMs: slowMs } : given
      },
    })
  })
  afterAll(() => server.close())
  beforeEach(async () => {
    slowMs = 0
    folder = mkdtempSync(join(tmpdir(), 'precheck-clock-'))
    setClock(0)
    host = await start()
  })
  afterEach(async () => {
    await host.kill('SIGTERM')
    rmSync(folder, { recursive: true })
  })

  const clockFile = (): string => join(folder, 'clock')
  /** Sets the wall clock of the host to so many seconds from the real one. */
  const setClock = (seconds: number): void =>
    writeFileSync(clockFile(), `${seconds < 0 ? '' : '+'}${seconds}\n`)
  const start = (settings: NodeJS.ProcessEnv = {}): Promise<HostProcess> =>
    startHostProcess(join(folder, 'data'), {
      PRECHECK_SECRET_DB: password,
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: clockFile(),
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
      ...settings,
    })

  const register = async (id: string, schedule: object = {}): Promise<void> => {
    const connection = { host: '127.0.0.1', port: server.port, credential, tls: { mode: 'off' } }
    const body = { engine: 'sqlserver', region: 'cn-hangzhou', profile: 'native', connection, schedule }
    expect((await ask(host, 'PUT', `/v1/instances/${id}`, { body })).status).toBe(201)
  }
  const startPrecheck = async (id: string): Promise<string> => {
    const { status, json } = await ask(host, 'POST', `/v1/instances/${id}/prechecks`, { body: {} })
    expect(status).toBe(202)
    return json.id
  }
  const readPrecheck = async (id: string) => (await ask(host, 'GET', `/v1/prechecks/${id}`)).json
  const outcomeOf = async (id: string): Promise<unknown> => (await readPrecheck(id)).outcome
  const jumpSeen = async (): Promise<number> => {
    const { checks } = Health.parse((await ask(host, 'GET', '/healthz')).json)
    const [jump] = checks['clock:jump'] ?? []
    return jump?.status === 'warn' ? Math.round(jump.observedValue / hour) : 0
  }
  const jumpsLogged = (): number[] =>
    [...host.output().matchAll(/"clock.jumped","seconds":(-?\d+)/g)].map(([, seconds]) =>
      Math.round(Number(seconds) / hour),
    )
  const nights = async (): Promise<string[]> => {
    const { json } = await ask(host, 'GET', '/v1/sweeps?limit=100')
    return json.items.map(({ id }) => id)
  }

  it.each(someOf([30 * day, 200 * day, -2 * hour], 1))(
    'by %i s notices it and ends what is under way in its own time',
    async (seconds) => {
      slowMs = 3000
      await register('slow')
      const loginsBefore = server.seen.logins.length
      const id = await startPrecheck('slow')
      await expect.poll(() => server.seen.logins.length - loginsBefore).toBeGreaterThan(0)
      setClock(seconds)
      await expect.poll(jumpSeen).toBe(Math.round(seconds / hour))
      await expect.poll(() => outcomeOf(id)).toBe('passed')
      const { items } = await readPrecheck(id)
      expect(Math.max(...items.map(({ durationMs }) => durationMs ?? 0))).toBeLessThan(hour * 1000)
      setClock(0)
      await expect.poll(jumpsLogged).toEqual([seconds, -seconds].map((each) => Math.round(each / hour)))
    },
  )

  it('back ends a precheck whose server is silent at its deadline', async () => {
    await host.kill('SIGTERM')
    host = await start({ PRECHECK_DEADLINE_SECONDS: '6', PRECHECK_ITEM_SECONDS: '5' })
    slowMs = 600_000
    await register('hung')
    const id = await startPrecheck('hung')
    setClock(-2 * hour)
    await expect.poll(() => outcomeOf(id)).toBe('inconclusive')
  })

  it('by 30 days and back has the nights that were not there yet, when they come', async () => {
    const due = new Date(Date.now() + 6 * hour * 1000).toISOString().slice(11, 16)
    await register('nightly', { enabled: true, at: due, window: 1, timeZone: 'UTC' })
    setClock(30 * day)
    await expect.poll(nights).toHaveLength(7)
    setClock(0)
    await expect.poll(nights).toEqual([])
    setClock(6 * hour + 60)
    await expect.poll(nights).toHaveLength(1)
    const [night = ''] = await nights()
    const counts = async () => (await ask(host, 'GET', `/v1/sweeps/${night}`)).json.counts
    await expect.poll(counts).toMatchObject({ passed: 1, notRun: 0 })
  })

  it('by 200 days while it was stopped keeps its history', async () => {
    await register('old')
    const ids: string[] = []
    for (let number = 0; number < 2; number += 1) {
      const id = await startPrecheck('old')
      await expect.poll(() => outcomeOf(id)).toBe('passed')
      ids.push(id)
    }
    // Its pulse is written every few seconds.
    await ask(host, 'GET', '/healthz')
    await host.kill('SIGTERM')
    setClock(200 * day)
    host = await start()
    await expect.poll(jumpSeen).toBe((200 * day) / hour)
    for (const id of ids) expect(await outcomeOf(id)).toBe('passed')
  })
})
