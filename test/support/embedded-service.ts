import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { createHandler as createApi } from '../../functions/api/handler.ts'
import { collecting, createHandler as createCollect } from '../../functions/collect/handler.ts'
import { createHandler as createNotify } from '../../functions/notify/handler.ts'
import { createHandler as createSchedule } from '../../functions/schedule/handler.ts'
import { type CheckThreads, checkThreads } from '../../infra/host/check-threads.ts'
import { hostHealth } from '../../infra/host/health.ts'
import { httpServer } from '../../infra/host/http-server.ts'
import { type Invoke, invoking } from '../../infra/host/pump.ts'
import { checksIn, startPumps } from '../../infra/host/pumps.ts'
import { endingInterrupted } from '../../infra/host/replies.ts'
import { issueToken } from '../../shared/flows/tokens.ts'
import type { Results } from '../../shared/ports/results.ts'
import { readSettings } from '../../shared/runtime/environment.ts'
import { pagesIn } from '../../shared/runtime/pages.ts'
import { localRuntime } from '../../shared/runtime/local.ts'
import { jsonLog } from '../../shared/runtime/log.ts'
import { timerEvent } from '../../shared/runtime/timer-chain.ts'
import { type Service, type ServiceOptions, replaceable, robotToken, setClockOf } from './service.ts'
import { type Strikes, planStrikes } from './strikes.ts'

/** Results whose writer dies at the writes that were planned. */
const striking = (results: Results, strikes: Strikes): Results => {
  const write = async (effect: () => Promise<boolean>): Promise<boolean> => {
    const moment = strikes.next()
    if (moment === 'before') throw new Error('struck before a write')
    const written = await effect()
    if (moment === 'after') throw new Error('struck after a write')
    return written
  }
  return {
    ...results,
    advance: (...given) => write(() => results.advance(...given)),
    complete: (...given) => write(() => results.complete(...given)),
  }
}

/** Threads whose results are disturbed on their way to the collector. */
const disturbingResults = (
  { run, ...threads }: CheckThreads,
  disturbed: (invoke: Invoke) => Invoke,
): CheckThreads => ({
  run: (body, take) =>
    run(body, (reply) => {
      if (reply.queue !== 'results') return take(reply)
      const takeAll: Invoke = (bodies) => Promise.all(bodies.map((each) => take({ ...reply, body: each })))
      return disturbed(takeAll)([reply.body])
    }),
  ...threads,
})

/** The program of the check threads, as it is built. */
const builtChecks = pathToFileURL(resolve('dist/host/run-check.mjs'))

/** Starts the host on its own ports, with its check threads, but without its clock. */
export const startEmbedded = async ({
  password,
  deadlineSeconds = 240,
  itemSeconds = 100,
  fanOut,
  mailPort,
}: ServiceOptions): Promise<Service> => {
  const folder = mkdtempSync(join(tmpdir(), 'precheck-embedded-'))
  const settings = readSettings({
    PRECHECK_DATA: folder,
    PRECHECK_LOG_LEVEL: 'error',
    PRECHECK_DEADLINE_SECONDS: String(deadlineSeconds),
    PRECHECK_ITEM_SECONDS: String(itemSeconds),
    ...(fanOut && { PRECHECK_FAN_OUT: fanOut }),
    ...(mailPort !== undefined && {
      PRECHECK_SMTP_URL: `smtp+plain://127.0.0.1:${mailPort}`,
      PRECHECK_SMTP_FROM: 'precheck@example.com',
    }),
    PRECHECK_WEBHOOK_HTTP: 'true',
    PRECHECK_WEBHOOK_NETWORKS: '127.0.0.0/8',
  })
  const environment = { PRECHECK_SECRET_DB: password, PRECHECK_SECRET_ROBOT: robotToken }
  const runtime = localRuntime(settings, environment)
  const log = jsonLog('error', () => undefined)
  const threads = checkThreads(
    builtChecks,
    settings,
    environment,
    log,
    endingInterrupted({ ...runtime, log }),
  )
  const health = hostHealth(runtime, threads, settings.blockedMs)
  const deps = { ...runtime, health, sleep: (ms: number) => sleep(ms) }
  const server = httpServer(createApi(deps, log, pagesIn(new URL('../console/', builtChecks))))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0

  const messages = replaceable()
  const strikes = planStrikes()
  const disturbed = (invoke: Invoke): Invoke =>
    messages.disturb(async (bodies) => {
      await invoke(bodies)
    })
  const struck = { ...deps, results: striking(runtime.results, strikes) }
  const collect = invoking(createCollect(struck, log), 'results')
  const functions = {
    runCheck: disturbed(
      checksIn(disturbingResults(threads, disturbed), collecting(struck, log), runtime.checks, log),
    ),
    collect: disturbed(collect),
    notify: disturbed(invoking(createNotify(deps, log), 'notifications')),
  }
  const pumps = startPumps(runtime, functions, settings.concurrency, log)
  const schedule = createSchedule(deps, log)
  const { bearer } = await issueToken(runtime.tokens, { name: 'test', scope: 'admin' }, new Date())

  return {
    url: `http://127.0.0.1:${port}`,
    token: bearer,
    passwordReference: 'env:PRECHECK_SECRET_DB',
    robotReference: 'env:PRECHECK_SECRET_ROBOT',
    tick: async () => {
      await schedule(timerEvent('tick', runtime.now()), { requestId: 'tick' })
    },
    setClock: setClockOf(runtime.sweepClock),
    disturb: messages.replace,
    strikes,
    close: async () => {
      server.close()
      server.closeAllConnections()
      await pumps.stop()
      await threads.stop()
      runtime.close()
      rmSync(folder, { recursive: true })
    },
  }
}
