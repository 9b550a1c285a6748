import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { examples } from '../../infra/cli/commands/examples.ts'
import { defaultLimits } from '../../infra/cli/service/client.ts'
import { demoPassword } from '../demo/scenes.ts'
import { precheckAt } from '../support/command-line.ts'
import { type HostProcess, startHostProcess } from '../support/processes.ts'
import { type StandIns, startStandIns } from '../support/stand-ins.ts'

let folder: string
let host: HostProcess
let standIns: StandIns

const file = (name: string): string => join(folder, name)
const write = (name: string, value: object): void => writeFileSync(file(name), stringify(value))

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'precheck-examples-'))
  standIns = await startStandIns()
  host = await startHostProcess(file('data'), {
    PRECHECK_SECRET_DEMO: demoPassword,
    PRECHECK_WEBHOOK_NETWORKS: '127.0.0.0/8',
  })
  const definition = standIns.definitionOf('sqlserver', 'env:PRECHECK_SECRET_DEMO')
  const myDb = { ...definition, tags: { team: 'orders' } }
  const policy = { thresholds: { historyMinHours: 1 } }
  write('my-db.yaml', myDb)
  write('policy.yaml', policy)
  write('webhook.yaml', { description: 'ours' })
  write('change.yaml', { description: 'orders' })
  write('fleet.yaml', { instances: { 'my-db': myDb } })
  mkdirSync(file('fleet'))
  writeFileSync(file('fleet/all.yaml'), readFileSync(file('fleet.yaml')))
  writeFileSync(file('token'), `${host.token}\n`)
})
afterAll(async () => {
  await standIns.close()
  rmSync(folder, { recursive: true })
})

/** Answers to questions, by what they begin with; to others the proposed answer is taken. */
const answers = (): Readonly<Record<string, string>> => ({
  'Address,': `localhost:${standIns.sqlServer.port}`,
  'Where its password': 'env:PRECHECK_SECRET_DEMO',
  'Address of the service': host.url,
  Token: host.token,
})

/** Runs a command line as a user of that folder would. */
const precheck = (args: readonly string[], environment: NodeJS.ProcessEnv = {}) =>
  precheckAt(host.url, args, defaultLimits, {
    environment: { PRECHECK_TOKEN: host.token, XDG_CONFIG_HOME: file('config'), ...environment },
    ask: async (question) =>
      Object.entries(answers()).find(([begin]) => question.startsWith(begin))?.[1] ?? '',
  })

/** Words of a line of a shell, without a redirection. */
const wordsOf = (line: string): string[] =>
  [...line.replace(/ > \S+$|\\\n/, '').matchAll(/'([^']*)'|(\S+)/g)].map(
    ([, quoted, plain]) => quoted ?? plain ?? '',
  )

/** Ids that were seen last, as the examples write them. */
const ids: Record<string, string> = {}
const remember = (output: string): void => {
  for (const [id] of output.matchAll(/\b(?:pc|wh|ack)_[0-9a-f]+/g))
    ids[`${id.slice(0, id.indexOf('_') + 1)}…`] = id
  const [, token] = /^Token ([0-9a-f]{16}) /.exec(output) ?? []
  const [, sweep] = /^Sweep (\S+) starts/.exec(output) ?? []
  if (token !== undefined) ids['0123456789abcdef'] = token
  if (sweep !== undefined) ids['2026-11-21'] = sweep
}

/** An example as it stands, for what there is here. */
const here = (word: string): string => {
  const seen = {
    ...ids,
    '10.0.0.8:3306': `127.0.0.1:${standIns.mysql.port}`,
    'https://precheck.example': host.url,
    '2027-01-31': new Date(Date.now() + 86_400_000).toISOString(),
  }[word]
  return (
    seen ?? (/\.(?:yaml|html|sql|gz)$|^fleet\/$|^token$|^data$|^restored$/.test(word) ? file(word) : word)
  )
}

/** Runs an example. The words after "precheck" name a command, whatever else they could be. */
const run = (line: string, name: string, more: readonly string[] = []) => {
  const [, ...words] = wordsOf(line)
  const depth = words.join(' ').startsWith(`${name} `) ? name.split(' ').length : 1
  return precheck([...words.slice(0, depth), ...words.slice(depth).map(here), ...more])
}

/** Exit codes of commands, or of one example, that say by them what they found. */
const codes: Readonly<Record<string, number>> = {
  run: 2,
  last: 2,
  watch: 2,
  sweep: 2,
  'precheck sweeps 2026-11-21': 2,
  // The proposed definition says nothing of the private authority of the stand-in.
  init: 3,
}

/** They need a service that is stopped. */
const offline = ['backup', 'restore']
const lines = Object.entries(examples).flatMap(([name, own]) => own.map((line) => [line, name] as const))

/** Those that change nothing, and print what the API answers. */
const readings = [
  'last',
  'history',
  'diff',
  'readiness',
  'instances',
  'validate',
  'gate',
  'backups',
  'protection',
]

describe('the examples', () => {
  it.each(lines.filter(([, name]) => !offline.includes(name)))('%s', async (line, name) => {
    const { code, output, errors } = await run(line, name)
    remember(output)
    expect(name === 'init' ? '' : errors).toBe('')
    expect(code).toBe(codes[line] ?? codes[name] ?? 0)
  })

  it.each(lines.filter(([line, name]) => readings.includes(name) && !line.includes('--output')))(
    '%s, as JSON',
    async (line, name) => {
      const { output } = await run(line, name, ['--output', 'json'])
      expect(JSON.parse(output)).toBeTypeOf('object')
    },
  )

  it('log in to what accepts the token, and keep no other', async () => {
    writeFileSync(file('guessed'), 'guessed')
    const refused = await precheck(['login', 'other', '--url', host.url, '--token-file', file('guessed')])
    const kept = await precheck(['login', 'own', '--url', `${host.url}/`, '--token-file', file('token')])
    const used = await precheck(['instances', '--profile', 'own'], { PRECHECK_URL: 'http://127.0.0.1:1' })
    expect(refused.errors).toMatch(/^The service does not accept the token/)
    expect([refused.code, kept.code, used.code]).toEqual([3, 0, 0])
    const { output } = await precheck(['profiles', '--output', 'json'])
    const profiles = JSON.parse(output) as readonly { readonly profile: string; readonly url: string }[]
    expect(profiles.map(({ profile }) => profile)).toEqual(['default', 'own'])
    expect(profiles.every(({ url }) => url === host.url)).toBe(true)
  })

  it('of a service that is stopped', async () => {
    await host.kill('SIGTERM')
    const backup = await run(examples['backup']?.[0] ?? '', 'backup', ['--data', file('data')])
    const restore = await run(examples['restore']?.[0] ?? '', 'restore')
    expect([backup.code, backup.errors, restore.code, restore.errors]).toEqual([0, '', 0, ''])
  })
})
