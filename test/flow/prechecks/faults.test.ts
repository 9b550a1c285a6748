import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { FanOut } from '../../../shared/model/fan-out.ts'
import type { Precheck } from '../../../shared/model/precheck.ts'
import type { Probes } from '../../../shared/ports/probe.ts'
import { realProbes } from '../../../shared/runtime/probes.ts'
import { answersOf } from '../../emulators/oracle/catalogue-answers.ts'
import {
  type CloudInProcess,
  type RequestFault,
  impatientMs,
  startCloudInProcess,
} from '../../support/cloud-in-process.ts'
import { someOf } from '../../support/property-runs.ts'
import { remembering } from '../../support/remembering.ts'
import { type StandIns, startStandIns } from '../../support/stand-ins.ts'

vi.mock(import('../../../shared/checks/catalogue.ts'), async (original) => {
  const catalogue = await original()
  return {
    ...catalogue,
    // A precheck has five items, so that the requests and their faults stay as many when there are more.
    checksFor: (engine) => {
      const checks = catalogue.checksFor(engine)
      const ofNetwork = checks.filter(({ question }) => question.probe === 'https')
      const ofDatabase = checks.filter(({ question }) => question.probe === engine)
      return [...ofNetwork.slice(0, 2), ...ofDatabase.slice(0, 3)]
    },
  }
})

/** The messages of the checks, the result of each of the network, and those of the database, which a session sends together. */
const together = ['Batch', '', '', 'Batch'].map((kind) => `${kind}SendMessage`)
/** The same by themselves: two items wait for the lead, which sends their messages together. */
const apart = ['Batch', '', '', 'Batch', '', '', ''].map((kind) => `${kind}SendMessage`)
const ofChecks: Readonly<Record<FanOut, readonly string[]>> = {
  session: together,
  item: apart,
  essential: apart,
}

/** Every request that the functions make for a precheck of five items whose results come one by one, in order. */
const requestsOf = (fanOut: FanOut): readonly string[] =>
  [
    // The API: the token, the instance, the policies, the message for the deadline.
    ['GetRow', 'GetRow', 'GetRange', 'SendMessage'],
    // Whether the request is a repeat; the precheck and its place in the history; the claim of the instance; the
    // request.
    ['GetRow', 'BatchWriteRow', 'UpdateRow', 'PutRow'],
    ofChecks[fanOut],
    // The collector: each result; with the last one what it is compared with, the webhooks, the end, and the last
    // result.
    ...Array.from({ length: 4 }, () => ['GetRow', 'PutRow']),
    ['GetRow', 'GetRow', 'GetRange', 'PutRow', 'UpdateRow'],
    // The deadline.
    ['GetRow'],
  ].flat()

const faults: readonly (readonly [RequestFault, string])[] = [
  ['refused', 'is refused once'],
  ['lost', 'has its effect and no answer'],
  ['late', 'has its effect after it was given up'],
  ['twice', 'is done twice'],
]

const matrixOf = (fanOut: FanOut) =>
  requestsOf(fanOut).flatMap((name, index) =>
    faults.map(([fault, what]) => [`request ${index + 1}, ${name}, ${what}`, index + 1, fault] as const),
  )

let standIns: StandIns
let probes: Probes

beforeAll(async () => {
  standIns = await startStandIns()
  standIns.oracle.setScenario({
    login: () => ({ password: 'secret' }),
    answer: answersOf({}),
  })
  probes = remembering(realProbes(null))
})
afterAll(() => standIns.close())

/** An instance whose last result is of yesterday. */
const withYesterday = async (
  fanOut: FanOut,
  timeoutMs?: number,
): Promise<{ readonly cloud: CloudInProcess; readonly yesterday: string }> => {
  const cloud = await startCloudInProcess(probes, { fanOut, timeoutMs })
  const definition = standIns.definitionOf('oracle', 'env:PRECHECK_SECRET_DB')
  await cloud.register('a', { ...definition, checks: { set: 'essential' } })
  const yesterday = await cloud.start('a', 'yesterday')
  await cloud.drain('checks')
  await cloud.drain('results')
  cloud.leapToDeadline()
  await cloud.drain('results')
  return { cloud, yesterday }
}

/** Delivers everything until nothing is left of a precheck, past its deadline; gives the last results as they followed. */
const runOut = async (cloud: CloudInProcess): Promise<string[]> => {
  const lasts: string[] = []
  const seen = async (): Promise<void> => {
    lasts.push((await cloud.results.last('a'))?.id ?? '')
  }
  const deliver = async (): Promise<void> => {
    await cloud.drain('checks')
    await cloud.drain('results', undefined, seen)
  }
  await deliver()
  await cloud.calm()
  await deliver()
  cloud.leapToDeadline()
  await deliver()
  await cloud.calm()
  await deliver()
  return lasts
}

const expectPassed = (precheck: Precheck | undefined): void => {
  expect(precheck).toMatchObject({ state: 'completed', outcome: 'passed' })
  expect(precheck?.results.map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => 'passed'))
  if (precheck?.state !== 'completed') return
  expect(Date.parse(precheck.completedAt)).toBeLessThan(Date.parse(precheck.deadlineAt))
}

/** Where all items are essential, `essential` is `item`. */
describe.each(['item', 'session'] as const)('a precheck whose items travel by %s', (fanOut) => {
  const requests = requestsOf(fanOut)

  it('makes the requests below, and no others', async () => {
    const { cloud } = await withYesterday(fanOut)
    cloud.plan(0, 'refused')
    await cloud.start('a', 'today')
    await cloud.drain('checks')
    await cloud.drain('results')
    cloud.leapToDeadline()
    await cloud.drain('results')
    expect(cloud.requests).toEqual(requests)
    await cloud.close()
  })

  it.concurrent.each(someOf(matrixOf(fanOut), 14))(
    'ends once and right, when its %s',
    async (_, number, fault) => {
      const { cloud, yesterday } = await withYesterday(fanOut, fault === 'late' ? impatientMs : undefined)
      cloud.plan(number, fault)
      const today = await cloud.start('a', 'today')
      const lasts = await runOut(cloud)

      // What seems to have failed is asked again.
      expect(cloud.requests.length).toBeGreaterThanOrEqual(requests.length + (fault === 'twice' ? 0 : 1))
      const { items } = await cloud.results.history('a', { limit: 9 })
      expect(items.map(({ id }) => id)).toEqual([today, yesterday])
      expectPassed(items[0])
      expect(await cloud.results.last('a')).toEqual(items[0])
      // The last result is never older than before.
      expect(lasts).toEqual(lasts.toSorted())
      expect(cloud.rows()['latest_prechecks']).toHaveLength(1)
      expect(cloud.rows()['latest_prechecks']?.[0]).not.toHaveProperty('running_id')
      await cloud.close()
    },
  )
})
