import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type CheckThreads, checkThreads } from '../../infra/host/check-threads.ts'
import { endingInterrupted } from '../../infra/host/replies.ts'
import { InstanceDefinition } from '../../shared/model/instance.ts'
import { ResultMessage } from '../../shared/model/queue-messages.ts'
import { readSettings } from '../../shared/runtime/environment.ts'
import { jsonLog } from '../../shared/runtime/log.ts'
import { makeBundles } from '../bench/bundles.ts'
import { answersOf } from '../emulators/sqlserver/catalogue-answers.ts'
import { manyColumns } from '../emulators/sqlserver/hostile-answers.ts'
import { type SqlServerScenario, table } from '../emulators/sqlserver/scenario.ts'
import { type SqlServerStandIn, startSqlServer } from '../emulators/sqlserver/server.ts'
import { clocksAt } from '../support/clocks.ts'
import { spell, spellFile } from '../support/spell.ts'

const healthyScenario: SqlServerScenario = { answer: answersOf({}) }

/** A server that logs in whoever comes, and answers nothing from then on. */
const holding: SqlServerScenario = { answer: () => ({ fault: 'hang' }) }

let folder: string
let healthy: SqlServerStandIn
let held: SqlServerStandIn
let hostile: SqlServerStandIn
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'precheck-hostile-'))
  await makeBundles('blocking-checks')
  healthy = await startSqlServer(healthyScenario)
  held = await startSqlServer(holding)
  hostile = await startSqlServer(healthyScenario)
})
afterAll(async () => {
  await Promise.all([healthy.close(), held.close(), hostile.close()])
  rmSync(folder, { recursive: true })
})

let threads: CheckThreads
afterEach(() => threads.stop())

/** One check thread for all; gives what it logs. */
const startThreads = (program: string): readonly string[] => {
  const lines: string[] = []
  const log = jsonLog('error', (line) => lines.push(line))
  const settings = { ...readSettings({ PRECHECK_LOG_LEVEL: 'error' }), checkThreads: 1, blockedMs: 1500 }
  const built = pathToFileURL(resolve(join('dist', program)))
  const environment = { PRECHECK_SECRET_DB: 'p', [spellFile]: join(folder, 'blocked') }
  const ending = endingInterrupted({ log, ...clocksAt() })
  threads = checkThreads(built, settings, environment, log, ending)
  return lines
}

/** The results of the items of an instance, by their status and reason. It logs in with its own name. */
const check = async (instanceId: string, { port }: SqlServerStandIn): Promise<string[]> => {
  const results: string[] = []
  const credential = { username: instanceId, password: 'env:PRECHECK_SECRET_DB' }
  const connection = { host: '127.0.0.1', port, tls: { mode: 'off' }, credential }
  const definition = InstanceDefinition.parse({ engine: 'sqlserver', region: 'cn-hangzhou', connection })
  const message = {
    precheckId: `pc_${'0'.repeat(32)}`,
    checkItem: 'SQL_SERVER_DB_NOT_ONLINE',
    together: ['SQL_SERVER_DB_IN_SIMPLE_RECOVERY_MODE'],
    target: { instanceId, definition },
    limitMs: 60_000,
    deadlineAt: new Date(Date.now() + 300_000).toISOString(),
  }
  await threads.run(JSON.stringify(message), async ({ body }) => {
    const sent = ResultMessage.parse(JSON.parse(body))
    if (sent.kind === 'result') results.push(sent.result.reason?.code ?? sent.result.status)
  })
  return results
}

/** So many instances of a server, at the same time. */
const checkAll = (names: readonly string[], server: SqlServerStandIn): Promise<string[][]> =>
  Promise.all(names.map((name) => check(name, server)))

const namesOf = (round: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${round}-${index}`)

const right = ['passed', 'passed']
const allOf = (names: readonly string[], results: readonly string[]) => names.map(() => results)

it('a server that sends a megabyte of NULL columns is left, and holds up nobody', async () => {
  startThreads('host/run-check.mjs')
  hostile.setScenario({ answer: () => manyColumns })
  const names = namesOf('columns', 8)
  const [ofHostile, others] = await Promise.all([check('hostile', hostile), checkAll(names, healthy)])
  expect(ofHostile).toEqual(['ANSWER_COLUMNS_EXCEEDED', 'ANSWER_COLUMNS_EXCEEDED'])
  expect(others).toEqual(allOf(names, right))
})

it('a server that blocks its driver costs the others one round at most, and after that runs alone', async () => {
  const lines = startThreads('bench/blocking-checks.mjs')
  hostile.setScenario({ answer: () => table([{ text: spell }]) })

  // The first round: some have sent a password when the thread is blocked, some come while it is.
  const loggedIn = namesOf('logged-in', 4)
  const waiting = namesOf('waiting', 4)
  const early = checkAll(loggedIn, held)
  await expect.poll(() => held.seen.statements.length).toBe(loggedIn.length)
  const ofHostile = check('hostile', hostile)
  await expect.poll(() => existsSync(join(folder, 'blocked'))).toBe(true)
  const late = checkAll(waiting, healthy)
  expect(await ofHostile).toEqual(['CHECKER_BLOCKED', 'CHECKER_BLOCKED'])
  expect(await early).toEqual(allOf(loggedIn, ['CHECKER_INTERRUPTED', 'CHECKER_INTERRUPTED']))
  expect(await late).toEqual(allOf(waiting, right))
  // Nobody logged in a second time, since that could lock an account.
  expect(held.seen.logins.toSorted()).toEqual(loggedIn)
  expect(healthy.seen.logins.filter((name) => waiting.includes(name)).toSorted()).toEqual(waiting)

  // The second round: it runs alone, and nobody is held up any more.
  const beside = namesOf('beside', 8)
  const again = check('hostile', hostile)
  await expect.poll(() => hostile.seen.statements.length).toBe(2)
  expect(await checkAll(beside, healthy)).toEqual(allOf(beside, right))
  expect(await again).toEqual(['CHECKER_BLOCKED', 'CHECKER_BLOCKED'])
  const blocked = lines.filter((line) => line.includes('check-thread.blocked'))
  expect(blocked.map((line) => JSON.parse(line) as unknown)).toMatchObject([{}, { messages: 1 }])
})
