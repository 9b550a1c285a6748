import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { exitCodes } from '../../infra/deploy/deploy/command.ts'
import { notApplicable } from '../../shared/model/outcome.ts'
import { demoPassword } from '../demo/scenes.ts'
import {
  type CommandRun,
  type EmptyAccount,
  startEmptyAccount,
  wholePolicy,
} from '../support/empty-account.ts'
import { runsAll } from '../support/property-runs.ts'
import { type Answer, ask } from '../support/service.ts'
import { type StandIns, startStandIns } from '../support/stand-ins.ts'

/** Versions of the functions, the alias that triggers name, and the ways there and back. */

const names = ['notify', 'run-check', 'collect', 'schedule', 'api']

const root = process.cwd()
let folder: string
let cloud: EmptyAccount
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'precheck-checkout-'))
  cpSync('s.yaml', join(folder, 's.yaml'))
  cpSync('dist/functions', join(folder, 'dist/functions'), { recursive: true })
  process.chdir(folder)
})
afterEach(async () => {
  process.chdir(root)
  rmSync(folder, { recursive: true })
  await cloud.close()
})

/** Changes the code of one function, so that what is deployed next is another deployment of all. */
const changeCode = (): void => appendFileSync('dist/functions/notify/index.mjs', '\n')

const releaseOf = (name: string) => cloud.releases.get(`precheck-${name}`)!
const live = () => names.map((name) => releaseOf(name).alias('live'))
const all = (versionId: string, weights: Readonly<Record<string, number>> = {}) =>
  names.map(() => ({ versionId, weights }))
const versionsOf = (name: string) =>
  releaseOf(name)
    .versions()
    .map(({ versionId }) => versionId)

const made = ({ lines }: CommandRun): readonly string[] =>
  lines.filter((line) => line.startsWith('[')).map((line) => line.replace(/^\[.+?\] /, ''))

const deployed = async (args: readonly string[] = []): Promise<readonly string[]> => {
  const run = await cloud.deploy(args)
  expect([run.exitCode, run.lines]).toEqual([exitCodes.done, run.lines])
  return made(run)
}

describe('a deployment', () => {
  beforeEach(async () => {
    cloud = await startEmptyAccount()
    await deployed()
  })

  it('is a version of each function, which is live before triggers name it', async () => {
    expect(cloud.serverless.runs.map(({ args }) => args.slice(0, -2).join(' '))).toEqual(
      names.flatMap((name) => [`${name} deploy --function -y`, `${name} deploy -y`]),
    )
    expect(live()).toEqual(all('1'))
    changeCode()
    expect(await deployed()).toEqual(['deploy functions and triggers'])
    expect(live()).toEqual(all('2'))
    expect(await deployed()).toEqual([])
  })

  it('keeps retries and the destination of failures, which each alias has of its own', () => {
    expect(names.map((name) => releaseOf(name).asynchronous('live'))).toEqual([
      { maxAgeMs: 86_400_000, maxRetries: 8, onFailure: 'precheck-notifications-dead' },
      { maxAgeMs: 600_000, maxRetries: 2, onFailure: 'precheck-results' },
      { maxAgeMs: 86_400_000, maxRetries: 3, onFailure: null },
      { maxAgeMs: 60_000, maxRetries: 0, onFailure: null },
      { maxAgeMs: 86_400_000, maxRetries: 3, onFailure: null },
    ])
  })

  it('that is a canary gets its part, then another one, then all', async () => {
    changeCode()
    expect(await deployed(['--canary', '10'])).toEqual(['deploy functions and triggers'])
    expect(live()).toEqual(all('1', { 2: 0.1 }))
    expect(await deployed(['--canary', '10'])).toEqual([])
    expect((await deployed(['--canary', '25'])).length).toBe(names.length)
    expect(live()).toEqual(all('1', { 2: 0.25 }))
    // What is in the checkout by now does not matter.
    changeCode()
    expect(await deployed(['--promote'])).toEqual(
      names.map((name) => `send all invocations of precheck-${name} to version 2`),
    )
    expect(live()).toEqual(all('2'))
    expect(await deployed(['--promote'])).toEqual([])
  })

  describe.skipIf(!runsAll)('after others', () => {
    it('without a canary makes one whole that is under way', async () => {
      changeCode()
      await deployed(['--canary', '10'])
      expect((await deployed()).length).toBe(names.length)
      expect(live()).toEqual(all('2'))
      expect(await deployed(['--canary', '10'])).toEqual([])
    })

    it('leaves the last five versions, and what is live', async () => {
      for (const name of names) {
        for (const description of ['2', '3', '4', '5', '6']) {
          releaseOf(name).deploy({ ...releaseOf(name).latest().template, description })
          releaseOf(name).publish(description)
        }
      }
      changeCode()
      await deployed(['--canary', '10'])
      expect(versionsOf('api')).toEqual(['1', '3', '4', '5', '6', '7'])
      await deployed(['--promote'])
      changeCode()
      await deployed()
      expect(versionsOf('api')).toEqual(['4', '5', '6', '7', '8'])
    })
  })
})

it.each([
  [['--canary', '0']],
  [['--canary', '100']],
  [['--canary', 'some']],
  [['--promote', '--canary', '5']],
])('the arguments %o are refused', async (args) => {
  cloud = await startEmptyAccount()
  expect((await cloud.deploy(args)).exitCode).toBe(exitCodes.usage)
})

it('a canary of nothing is the first deployment', async () => {
  cloud = await startEmptyAccount()
  await deployed(['--canary', '10'])
  expect(live()).toEqual(all('1'))
})

describe('a rollback', () => {
  beforeEach(async () => {
    cloud = await startEmptyAccount()
    await deployed()
    changeCode()
  })

  it('says what it does, asks, and sends all back to the deployment before', async () => {
    await deployed()
    const refused = await cloud.rollback([], 'y')
    expect([refused.exitCode, refused.lines.at(-1)]).toEqual([exitCodes.failed, 'Nothing was changed.'])
    expect(refused.lines.slice(0, 2)).toEqual([
      'send all invocations of precheck-api to version 1',
      '    before: version 2, published 2026-03-04T05:06:07Z',
    ])
    expect(live()).toEqual(all('2'))
    const done = await cloud.rollback()
    expect([done.exitCode, done.lines.at(-1)]).toEqual([exitCodes.done, '5 changes made.'])
    // Who sends messages before who reads them.
    expect(made(done)).toEqual(
      names.toReversed().map((name) => `send all invocations of precheck-${name} to version 1`),
    )
    expect(live()).toEqual(all('1'))
    const again = await cloud.rollback(['--yes'])
    expect(again.exitCode).toBe(exitCodes.failed)
    expect(again.lines.join('\n')).toMatch(/no earlier deployment/)
  })

  it.runIf(runsAll)('takes a canary back, and changes nothing in a dry run', async () => {
    await deployed(['--canary', '10'])
    expect((await cloud.rollback(['--dry-run'])).exitCode).toBe(exitCodes.done)
    expect(live()).toEqual(all('1', { 2: 0.1 }))
    expect((await cloud.rollback(['--yes'])).exitCode).toBe(exitCodes.done)
    expect(live()).toEqual(all('1'))
  })

  it.runIf(runsAll)('brings all functions back to one deployment after one that was cut', async () => {
    cloud.failServerless('collect')
    expect((await cloud.deploy()).exitCode).toBe(exitCodes.failed)
    expect(live().map((alias) => alias?.versionId)).toEqual(['2', '2', '2', '1', '1'])
    const done = await cloud.rollback(['--yes'])
    expect(done.exitCode).toBe(exitCodes.done)
    expect(live()).toEqual(all('1'))
  })

  it('takes no more than keys and the right to it, which it tells by name', async () => {
    await deployed()
    const denied = {
      Effect: 'Deny',
      Action: ['fc:UpdateAlias'],
      Resource: ['acs:fc:*:*:functions/precheck-notify'],
    }
    const denying = JSON.stringify({ Version: '1', Statement: [denied] })
    cloud.setUser({ policies: { deployer: wholePolicy, denying } })
    const { VPC_ID: _, VSWITCH_ID: __, ...environment } = cloud.environment
    const own = { ...environment, PATH: '/nowhere' }
    const cut = await cloud.rollback(['--yes'], 'yes', own)
    expect(cut.exitCode).toBe(exitCodes.failed)
    expect(cut.lines).toContain('  right fc:UpdateAlias')
    expect(live().map((alias) => alias?.versionId)).toEqual(['2', '1', '1', '1', '1'])
    cloud.setUser({ policies: { deployer: wholePolicy } })
    const rest = await cloud.rollback(['--yes'], 'yes', own)
    expect(made(rest)).toEqual(['send all invocations of precheck-notify to version 1'])
    expect(live()).toEqual(all('1'))
  })

  describe.skipIf(!runsAll)('among several deployments', () => {
    it('is undone by the deployment that it left, which is there yet', async () => {
      await deployed()
      await cloud.rollback(['--yes'])
      expect((await deployed()).length).toBe(names.length)
      expect(live()).toEqual(all('2'))
      expect(versionsOf('api')).toEqual(['1', '2'])
    })

    it('goes back over deployments one by one', async () => {
      await deployed()
      changeCode()
      await deployed()
      await cloud.rollback(['--yes'])
      expect(live()).toEqual(all('2'))
      await cloud.rollback(['--yes'])
      expect(live()).toEqual(all('1'))
    })
  })
})

it('there is no way back where nothing is deployed', async () => {
  cloud = await startEmptyAccount()
  const { exitCode, lines } = await cloud.rollback(['--yes'])
  expect(exitCode).toBe(exitCodes.failed)
  expect(lines.join('\n')).toMatch(/"npm run deploy" makes one/)
})

describe('old and new functions side by side', () => {
  let standIns: StandIns
  beforeEach(async () => {
    standIns = await startStandIns()
    cloud = await startEmptyAccount({ runs: true })
    cloud.secrets['precheck-databases'] = demoPassword
  })
  afterEach(() => standIns.close())

  /** The bundles as a release would write them that knew no versions of shapes: 0.2.0. */
  const makeOlder = (): void => {
    for (const name of names) {
      const file = `dist/functions/${name}/index.mjs`
      const code = readFileSync(file, 'utf8')
      const older = code.replace(/=>\(\{schema:[\w$]+,(\.\.\.[\w$]+)\}\)/, '=>({$1})')
      expect(older).not.toBe(code)
      writeFileSync(file, older)
    }
  }
  const makeNewer = (): void => cpSync(join(root, 'dist/functions'), 'dist/functions', { recursive: true })

  const service = () => ({
    url: cloud.compute()!.url,
    token: readFileSync(cloud.tokenFile, 'utf8').trim(),
  })
  let registered = 0
  const register = async (): Promise<string> => {
    registered += 1
    const id = `beside-${registered}`
    const definition = standIns.definitionOf('oracle', 'kms:precheck-databases')
    const body = { ...definition, checks: { set: 'essential' } }
    expect((await ask(service(), 'PUT', `/v1/instances/${id}`, { body })).status).toBe(201)
    return id
  }
  const start = async (id: string): Promise<string> => {
    const { status, json } = await ask(service(), 'POST', `/v1/instances/${id}/prechecks`)
    expect(status).toBe(202)
    return json.id
  }
  const read = async (id: string): Promise<Answer['json']> =>
    (await ask(service(), 'GET', `/v1/prechecks/${id}`)).json
  const several = <Value>(count: number, make: () => Promise<Value>): Promise<Value[]> =>
    Promise.all(Array.from({ length: count }, make))

  const expectRight = async (prechecks: readonly string[]): Promise<void> => {
    for (const id of prechecks) {
      await expect.poll(async () => (await read(id)).state).toBe('completed')
      const { outcome, items } = await read(id)
      expect(outcome).toBe('failed')
      const undetermined = items.filter(({ status }) => !['passed', 'warning', 'failed'].includes(status))
      expect(undetermined.filter(({ reason }) => reason?.code !== notApplicable)).toEqual([])
    }
  }
  const served = (name: string): Readonly<Record<string, number>> => ({
    ...cloud.compute()!.functions[name]!.served(),
  })
  const deadLetters = () =>
    ['checks', 'results', 'notifications'].flatMap((queue) => cloud.mns.bodies(`precheck-${queue}-dead`))

  it('end every precheck right, half of the invocations each, and a rollback in the middle loses nothing', async () => {
    makeOlder()
    await deployed()
    const ids = await several(3, register)
    const ofOld = await Promise.all(ids.map(start))
    await expectRight(ofOld)

    makeNewer()
    await deployed(['--canary', '50'])
    const ofBoth = await Promise.all(ids.map(start))
    await expectRight(ofBoth)
    for (const name of ['api', 'run-check', 'collect'])
      expect([name, served(name)]).toEqual([
        name,
        { 1: expect.any(Number) as number, 2: expect.any(Number) as number },
      ])

    const under = await Promise.all(ids.map(start))
    expect((await cloud.rollback(['--yes'])).exitCode).toBe(exitCodes.done)
    await expectRight(under)
    // What was under way has ended; all that comes goes to the old ones, which read what the new ones have written.
    const newer = served('run-check')['2']
    await expectRight(await Promise.all(ids.map(start)))
    expect(served('run-check')['2']).toBe(newer)
    await expectRight(ofBoth)

    await deployed()
    await expectRight(await Promise.all(ids.map(start)))
    await expectRight(ofOld)
    expect(deadLetters()).toEqual([])
  })
})
