import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text as readText } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { AnswerJson } from '../support/answer-json.ts'
import { type HostProcess, startHostProcess } from '../support/processes.ts'
import { ask } from '../support/service.ts'

let folder: string
let host: HostProcess
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'precheck-apply-'))
  host = await startHostProcess(join(folder, 'data'))
})
afterAll(async () => {
  await host.kill('SIGTERM')
  rmSync(folder, { recursive: true })
})

/** Runs the command line with a text on its standard input, which is no terminal. */
const precheck = async (args: readonly string[], input = '') => {
  const { url, token } = host
  const env = { PATH: process.env['PATH'], PRECHECK_URL: url, PRECHECK_TOKEN: token }
  const child = spawn(process.execPath, ['dist/precheck/index.mjs', ...args], { env })
  child.stdin.end(input)
  const [output, errors] = await Promise.all([readText(child.stdout), readText(child.stderr)])
  if (child.exitCode === null) await once(child, 'exit')
  return { code: child.exitCode, output, errors }
}
const apply = (text: string, ...args: string[]) => precheck(['apply', '-f', '-', ...args], text)
const list = async (path: string) => (await ask(host, 'GET', path)).json.items

const fleet = `defaults:
  engine: mysql
  region: cn-hangzhou
  connection: { credential: { username: precheck, password: 'env:PRECHECK_SECRET_DB' } }
policies:
  strict: { thresholds: { historyMinHours: 1 } }
instances:
  orders: { connection: { host: 10.0.0.8 } }
  crm: { connection: { host: 10.0.0.9 }, tags: { team: crm } }
webhooks:
  - { url: 'https://hooks.example/precheck', filter: { tags: { team: crm } } }
`

it('tries, writes, and then finds nothing to do', async () => {
  const tried = await apply(fleet, '--dry-run')
  expect([tried.code, tried.output.split('\n')[0]]).toEqual([1, '4 to create.'])
  expect(await list('/v1/instances')).toEqual([])
  const applied = await apply(fleet)
  expect(applied.output).toMatch(/^4 created\.\n\+ policy strict {2}stdin:6\n\+ instance orders {2}stdin:8\n/)
  expect([applied.code, applied.errors]).toEqual([0, ''])
  const again = await apply(fleet)
  expect([again.code, again.output]).toEqual([0, '4 unchanged.\n'])
  expect(await list('/v1/instances')).toMatchObject([{ revision: 1 }, { revision: 1 }])
})

it('shows which fields differ, changes them, and takes away what is left out', async () => {
  const other = fleet
    .replace('host: 10.0.0.8', 'host: 10.0.0.7')
    .replace(', filter: { tags: { team: crm } }', ', locale: zh')
  const expected = `2 to change, 2 unchanged.
~ instance orders  stdin:8
    connection.host: "10.0.0.8" → "10.0.0.7"
~ webhook https://hooks.example/precheck  stdin:11
    filter.tags: {"team":"crm"} → –
    locale: "en" → "zh"
`
  expect(await apply(other, '--dry-run')).toEqual({ code: 1, output: expected, errors: '' })
  expect((await apply(other)).output).toBe(expected.replace('to change', 'changed'))
  expect((await apply(other)).output).toBe('4 unchanged.\n')
  const [webhook] = await list('/v1/webhooks')
  expect(webhook).toMatchObject({ definition: { filter: {}, locale: 'zh' }, revision: 2 })
})

it('exports what it takes back unchanged, with the schema that this service publishes', async () => {
  const { code, output } = await precheck(['export'])
  expect(code).toBe(0)
  expect(output.split('\n')[0]).toBe(`# yaml-language-server: $schema=${host.url}/schemas/fleet.json`)
  expect((await apply(output)).output).toBe('4 unchanged.\n')
  const asJson = await precheck(['export', '-o', 'json'])
  expect((await apply(asJson.output)).output).toBe('4 unchanged.\n')
})

it('does the others where one is refused, by the file or by the service, and tells where it stands', async () => {
  const path = join(folder, 'fleet')
  mkdirSync(join(path, 'teams'), { recursive: true })
  const connection = { host: '10.0.0.5', credential: { username: 'p', password: 'env:PRECHECK_SECRET_DB' } }
  const instance = { engine: 'mysql', region: 'cn-hangzhou', connection }
  writeFileSync(join(path, 'ok.yaml'), JSON.stringify(instance))
  writeFileSync(join(path, 'teams', 'wrong.json'), JSON.stringify({ ...instance, region: 'nowhere' }))
  writeFileSync(
    join(path, 'unfit.yml'),
    JSON.stringify({ ...instance, checks: { set: 'deep', include: ['NO_SUCH'] } }),
  )
  writeFileSync(join(path, 'notes.txt'), 'nothing of this')
  const { code, output } = await precheck(['apply', '-f', path, '--prune', '--yes', '-o', 'json'])
  expect(code).toBe(2)
  const report = JSON.parse(output) as AnswerJson
  expect(report).toMatchObject({
    dryRun: false,
    changes: [
      { action: 'create', name: 'ok', failure: null },
      { action: 'create', name: 'unfit', failure: { code: 'CHECK_ITEM_NOT_APPLICABLE' } },
    ],
    refused: [
      {
        subject: 'instance wrong',
        place: `${path}/teams/wrong.json:1`,
        message: expect.stringMatching(/^region: /),
      },
    ],
  })
  expect((await list('/v1/instances')).map(({ id }) => id)).toEqual(['crm', 'ok', 'orders'])
})

it('removes what no document describes where that is confirmed, and of no other kind', async () => {
  const text = fleet.replace(/policies:\n.*\n/, '').replace(/webhooks:[^]*/, '')
  const asked = await apply(text, '--prune')
  expect([asked.code, asked.errors]).toEqual([3, expect.stringMatching(/Give --yes/)])
  expect((await apply(text, '--prune', '--dry-run')).output).toMatch(
    /^1 to change, 1 to remove, 1 unchanged\.\n[^]*- instance ok\n$/,
  )
  expect(await list('/v1/instances')).toHaveLength(3)
  expect((await apply(text, '--prune', '--yes')).output).toMatch(/^1 changed, 1 removed, 1 unchanged\./)
  expect((await list('/v1/instances')).map(({ id }) => id)).toEqual(['crm', 'orders'])
  expect([await list('/v1/policies'), await list('/v1/webhooks')].map(({ length }) => length)).toEqual([1, 1])
})
