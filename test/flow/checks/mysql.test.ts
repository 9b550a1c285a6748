import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type MySqlState, answersOf } from '../../emulators/mysql/catalogue-answers.ts'
import { type MySqlScenario, type SqlError, table } from '../../emulators/mysql/scenario.ts'
import { type MySqlStandIn, startMySql } from '../../emulators/mysql/server.ts'
import { type BlackHole, openBlackHole } from '../../support/black-hole.ts'
import { settings } from '../../support/facts/mysql.ts'
import { credential, instanceId, password, runCheck } from '../../support/run-check.ts'
import { type Scene as SceneOf, obstaclesOf, portOf } from '../../support/scenes.ts'
import {
  type Obstacle,
  type Row,
  cellsIn,
  cellsOf,
  expectEnding,
  healthyEnding,
  itemsOf,
  neverSkipped,
  rowsToRun,
  titleOf,
} from '../../support/status-table.ts'

const items = itemsOf('mysql')

type Scene = SceneOf<MySqlScenario>
type Case = Row & Scene

const having = (state: MySqlState): Pick<Scene, 'server'> => ({ server: { answer: answersOf(state) } })
const refusing = (error: SqlError): Pick<Scene, 'server'> => ({ server: { login: () => error } })

/** What keeps every item from its answer. */
const unanswered: readonly (Obstacle & Scene)[] = [
  ...obstaclesOf<MySqlScenario>({
    garbage: { greeting: 'garbage' },
    brokenAnswer: { answer: () => ({ fault: 'drop' }) },
    otherAnswer: { answer: () => table([{ nothing: 1 }]) },
    silentLogin: { login: () => 'hang' },
    silentAnswer: { answer: () => ({ fault: 'hang' }) },
  }),
  {
    when: 'the password is wrong',
    status: 'error',
    because: 'MYSQL_PLAINTEXT_LOGIN_FAILED',
    ...refusing({ number: 1045, state: '28000', message: `Access denied for user 'precheck'` }),
  },
  {
    when: 'the account is locked',
    status: 'error',
    because: 'ACCOUNT_LOCKED',
    ...refusing({ number: 3118, message: 'Access denied. Account is locked.' }),
  },
  {
    when: 'the server offers no TLS and it is required',
    status: 'error',
    because: 'TLS_NOT_OFFERED',
    connection: { tls: { mode: 'required' } },
  },
  {
    when: 'the server wants the password itself',
    status: 'error',
    because: 'MYSQL_PASSWORD_WITHHELD',
    server: { isForgetful: true },
  },
  {
    when: 'no connection is left',
    status: 'error',
    because: 'MYSQL_NO_CONNECTION_LEFT',
    server: { greeting: { number: 1040, message: 'Too many connections' } },
  },
]

/** What the login may not ask fails the essential items, and leaves the others out. */
const forbidden = {
  when: 'the login may not ask',
  server: {
    answer: () => ({ error: { number: 1227, state: '42000', message: 'Access denied; you need SUPER' } }),
  },
} as const

/** Items that say with a finding what they may not see: each of their statements may be refused. */
const findingOut = items.filter(
  ({ question }) =>
    'queries' in question && Object.values(question.queries).every(({ optional }) => optional === true),
)
const refusable = items.filter((item) => !findingOut.includes(item))

const cases: Case[] = [
  ...items.map((check): Case => ({ item: check.id, when: 'all is well', ...healthyEnding(check, 'mysql') })),
  {
    item: 'MYSQL_BINLOG',
    when: 'it is off',
    status: 'failed',
    because: 'BINLOG_OFF',
    object: instanceId,
    remedy: 'set log_bin = binlog',
    ...having({ settings: settings({ log_bin: 'OFF' }) }),
  },
  {
    item: 'MYSQL_VERSION',
    when: 'it runs on Windows',
    status: 'failed',
    because: 'WINDOWS',
    object: instanceId,
    remedy: 'MySQL 5.1.38 to 8.0.32 on Linux',
    ...having({ settings: settings({ version_compile_os: 'Win64' }) }),
  },
  ...items.flatMap(({ id }) => unanswered.map((row): Case => ({ item: id, ...row }))),
  ...refusable.map(({ id, set }): Case =>
    set === 'essential'
      ? { item: id, ...forbidden, status: 'error', because: 'PRIVILEGE_MISSING' }
      : { item: id, ...forbidden, status: 'skipped', because: 'RIGHT_MISSING' },
  ),
]

const never = neverSkipped('mysql', 'no item of the engine claims a problem of the connection').filter(
  ({ item }) =>
    items.some(({ id, set }) => id === item && set === 'essential') ||
    findingOut.some(({ id }) => id === item),
)

let server: MySqlStandIn
let hole: BlackHole

const healthy: MySqlScenario = {
  login: (attempt) => (attempt.proves(password) ? 'accept' : 'drop'),
  answer: answersOf({}),
}

const runScene = ({ item, ...scene }: Pick<Row, 'item'> & Scene) => {
  server.setScenario({ ...healthy, ...scene.server })
  return runCheck({
    checkItem: item,
    definition: {
      engine: 'mysql',
      region: 'cn-hangzhou',
      connection: {
        host: '127.0.0.1',
        port: portOf(scene, server, hole),
        credential,
        tls: { mode: 'off' },
        ...scene.connection,
      },
    },
    ...scene.run,
  })
}

beforeAll(async () => {
  server = await startMySql(healthy)
  hole = await openBlackHole()
  // Loads the driver, so that short limits are those of the server alone.
  await runScene({ item: 'MYSQL_VERSION' })
})
afterAll(() => Promise.all([server.close(), hole.close()]))

describe('the MySQL items', () => {
  it.each(rowsToRun(cases).map((row) => [titleOf(row), row] as const))('%s', async (_, row) => {
    expectEnding(await runScene(row), row)
    await expect.poll(() => server.seen.open, { interval: 5 }).toBe(0)
  })

  it('have a row for every status that they can have', () => {
    expect(cellsIn(cases, never)).toEqual(cellsOf('mysql'))
  })
})
