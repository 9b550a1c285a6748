import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type CheckThreads, checkThreads } from '../../infra/host/check-threads.ts'
import { endingInterrupted } from '../../infra/host/replies.ts'
import { InstanceDefinition } from '../../shared/model/instance.ts'
import { ResultMessage } from '../../shared/model/queue-messages.ts'
import { readSettings } from '../../shared/runtime/environment.ts'
import { answersOf } from '../emulators/sqlserver/catalogue-answers.ts'
import { manyColumns } from '../emulators/sqlserver/hostile-answers.ts'
import { type SqlServerStandIn, startSqlServer } from '../emulators/sqlserver/server.ts'
import { silent } from '../support/log.ts'
import { clocksAt } from '../support/clocks.ts'

let healthy: SqlServerStandIn
let hostile: SqlServerStandIn
let threads: CheckThreads
beforeAll(async () => {
  healthy = await startSqlServer({ answer: answersOf({}) })
  hostile = await startSqlServer({ answer: () => manyColumns })
  const settings = { ...readSettings({ PRECHECK_LOG_LEVEL: 'error' }), checkThreads: 1, blockedMs: 1500 }
  const built = pathToFileURL(resolve('dist/host/run-check.mjs'))
  const environment = { PRECHECK_SECRET_DB: 'p' }
  threads = checkThreads(
    built,
    settings,
    environment,
    silent,
    endingInterrupted({ log: silent, ...clocksAt() }),
  )
})
afterAll(async () => {
  await threads.stop()
  await Promise.all([healthy.close(), hostile.close()])
})

/** The results of the items of an instance, by their status and reason. */
const check = async (instanceId: string, { port }: SqlServerStandIn): Promise<string[]> => {
  const results: string[] = []
  const credential = { username: 'precheck', password: 'env:PRECHECK_SECRET_DB' }
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

it('a server that sends a megabyte of NULL columns is left, and holds up nobody', async () => {
  const alone = await check('good', healthy)
  expect(alone).toEqual(['passed', 'passed'])
  const [ofHostile, ...others] = await Promise.all([
    check('hostile', hostile),
    ...Array.from({ length: 8 }, (_, index) => check(`good-${index}`, healthy)),
  ])
  expect(ofHostile).toEqual(['ANSWER_COLUMNS_EXCEEDED', 'ANSWER_COLUMNS_EXCEEDED'])
  expect(others).toEqual(Array.from({ length: 8 }, () => alone))
})
