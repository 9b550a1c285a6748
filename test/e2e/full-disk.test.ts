import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Health } from '../../shared/model/health.ts'
import { type HostProcess, startHostProcess } from '../support/processes.ts'
import { type Answer, ask } from '../support/service.ts'

/** Whether this user may mount a disk of its own (unshare(1)). */
const mayMount = spawnSync('unshare', ['-m', 'true']).status === 0

/** A disk of 8 MB on the data folder that nobody else sees, then the host. */
const wrapper = (folder: string): readonly string[] => [
  'unshare',
  '-m',
  'sh',
  '-c',
  'mount -t tmpfs -o size=8m tmpfs "$0" && exec "$@"',
  folder,
]

const definition = {
  engine: 'sqlserver',
  region: 'cn-hangzhou',
  connection: { host: '127.0.0.1', credential: { username: 'precheck', password: 'env:PRECHECK_SECRET_DB' } },
}

const register = (host: HostProcess, id: string): Promise<Answer> =>
  ask(host, 'PUT', `/v1/instances/${id}`, { body: definition })

const healthOf = async (host: HostProcess) => {
  const { status, text } = await ask(host, 'GET', '/healthz')
  const { status: said, checks } = Health.parse(JSON.parse(text))
  const [store] = checks['store:write'] ?? []
  return { status, said, store: store?.status, output: store?.output }
}

describe.skipIf(!mayMount)('a host whose disk', () => {
  let folder: string
  let host: HostProcess
  const accepted: string[] = []

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'precheck-disk-'))
    host = await startHostProcess(folder, { PRECHECK_SECRET_DB: 'p' }, 'dist/host/index.mjs', wrapper(folder))
  })
  afterAll(async () => {
    await host.kill('SIGTERM')
    rmSync(folder, { recursive: true })
  })

  const registerAccepted = async (id: string): Promise<Answer> => {
    const answer = await register(host, id)
    if (answer.status < 300) accepted.push(id)
    return answer
  }
  const health = () => healthOf(host)
  const linesOfStore = (): string[] =>
    host
      .output()
      .split('\n')
      .flatMap((line) => /"health.changed","check":"store:write","status":"(\w+)"/.exec(line)?.[1] ?? [])

  /** Takes all the room that there is, in ever smaller pieces. */
  const fill = (file: string): void => {
    for (let bytes = 1024 * 1024; bytes >= 1; bytes = Math.floor(bytes / 4)) {
      try {
        for (;;) appendFileSync(file, Buffer.alloc(bytes))
      } catch (fault) {
        if ((fault as NodeJS.ErrnoException).code !== 'ENOSPC') throw fault
      }
    }
  }

  /** Registers until the service accepts no more, since what it has of the disk may be filled up first. */
  const registerUntilRefused = async (name: string): Promise<Answer> => {
    for (let number = 0; ; number += 1) {
      const answer = await registerAccepted(`${name}-${number}`)
      if (answer.status >= 300) return answer
    }
  }

  it('is full says so, serves reads, and takes writes again once there is room, with all that it accepted', async () => {
    await registerAccepted('before')
    expect(await health()).toEqual({ status: 200, said: 'pass', store: 'pass', output: undefined })
    const filler = join(host.folder, 'filler')
    fill(filler)
    const refused = await registerUntilRefused('full')
    expect(refused.status).toBe(503)
    expect(refused.json.code).toBe('STORE_FULL')
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    const precheck = await ask(host, 'POST', '/v1/instances/before/prechecks', { body: {} })
    expect([precheck.status, precheck.json.code]).toEqual([503, 'STORE_FULL'])
    const output = 'The disk of the data folder is full. Free some of it.'
    await expect.poll(health).toEqual({ status: 503, said: 'fail', store: 'fail', output })
    await expect.poll(linesOfStore).toEqual(['fail'])

    truncateSync(filler)
    await expect.poll(async () => (await registerAccepted('after')).status).toBeLessThan(300)
    await expect.poll(health).toMatchObject({ status: 200, store: 'pass' })
    await expect.poll(linesOfStore).toEqual(['fail', 'pass'])
    for (const id of new Set(accepted)) {
      expect((await ask(host, 'GET', `/v1/instances/${id}`)).status).toBe(200)
    }
  })
})

it('a host whose database another process has locked says so, until it has let go', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'precheck-locked-'))
  const host = await startHostProcess(folder)
  const other = new DatabaseSync(join(folder, 'precheck.db'))
  // The host may just be writing.
  other.exec('PRAGMA busy_timeout = 10000; BEGIN IMMEDIATE')
  const refused = await register(host, 'locked')
  expect([refused.status, refused.json.code]).toEqual([503, 'STORE_UNAVAILABLE'])
  await expect.poll(() => healthOf(host)).toMatchObject({ status: 503, store: 'fail' })
  other.exec('ROLLBACK')
  other.close()
  expect((await register(host, 'free')).status).toBe(201)
  await expect.poll(() => healthOf(host)).toMatchObject({ status: 200, store: 'pass' })
  await host.kill('SIGTERM')
  rmSync(folder, { recursive: true })
})
