import { once } from 'node:events'
import type { Server } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { createHandler as createApi } from '../../functions/api/handler.ts'
import { collecting, createHandler as createCollect } from '../../functions/collect/handler.ts'
import { createHandler as createNotify } from '../../functions/notify/handler.ts'
import { createHandler as createSchedule } from '../../functions/schedule/handler.ts'
import type { Settings } from '../../shared/runtime/environment.ts'
import { adminTokenFile } from '../../shared/runtime/admin-token.ts'
import { pagesIn } from '../../shared/runtime/pages.ts'
import { localRuntime } from '../../shared/runtime/local.ts'
import type { Log } from '../../shared/ports/log.ts'
import { timerEvent } from '../../shared/runtime/timer-chain.ts'
import { checkThreads } from './check-threads.ts'
import { clock } from './clock.ts'
import { ensureFirstToken, renewingToken } from './first-token.ts'
import { healthLog, hostHealth } from './health.ts'
import { httpServer } from './http-server.ts'
import { invoking } from './pump.ts'
import { checksIn, startPumps } from './pumps.ts'
import { endingInterrupted } from './replies.ts'

/** Between two looks at the schedules, ms: nothing is due more often than every minute, but a sweep that was asked for should begin at once. */
const tickMs = 1000

/** Between two looks at the health of the service, ms: each writes a row. */
const healthMs = 5000

/** Between two looks for who lost the admin token and waits for another one, ms. */
const tokenRequestMs = 1000

/** Between two looks for prechecks that are kept no longer, ms. */
const purgeMs = 60_000

/** Of the 10 s that an operating system gives a service to stop, those for what is under way to end, ms. */
const graceMs = 7000

/** Then those for what has not ended to be given back, ms. */
const giveBackMs = 1000

const inTime = (work: Promise<unknown>, limitMs: number): Promise<unknown> =>
  Promise.race([work, sleep(limitMs, undefined, { ref: false })])

/** The port that the system chose where the settings leave it open (0). */
const portOf = (server: Server): number => {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** A running host. */
export interface Host {
  /** Address of the REST API. */
  readonly url: string
  readonly tokenFile: string
  /** Takes no more work, waits for what is under way, and closes the database file. */
  readonly stop: () => Promise<void>
}

/**
 * Starts the whole service in one process: the functions that Function Compute would run, on one database file.
 * `program`: that of the check threads, which lies beside the folder of the console. Throws `DatabaseUnusable`, or what
 * the system says of an address that cannot be listened on.
 */
export const startHost = async (
  settings: Settings,
  environment: NodeJS.ProcessEnv,
  log: Log,
  program: URL,
): Promise<Host> => {
  const runtime = localRuntime(settings, environment)
  const tokenFile = adminTokenFile(settings.dataFolder)
  if (await ensureFirstToken(runtime.tokens, settings.dataFolder, runtime.now())) {
    log.info('host.first-token', { file: tokenFile })
  }
  const threads = checkThreads(program, settings, environment, log, endingInterrupted({ ...runtime, log }))
  const health = hostHealth(runtime, threads, settings.blockedMs)
  const deps = { ...runtime, health, sleep: (ms: number) => sleep(ms) }
  const server = httpServer(createApi(deps, log, pagesIn(new URL('../console/', program))))
  server.listen(settings.port, settings.host)
  await once(server, 'listening')
  // No more descriptors, say: the connections that there are go on.
  server.on('error', ({ message }) => log.error('http.failed', { message }))

  const collect = invoking(createCollect(deps, log), 'results')
  const notify = invoking(createNotify(deps, log), 'notifications')
  const runCheck = checksIn(threads, collecting(deps, log), runtime.checks, log)
  const pumps = startPumps(runtime, { runCheck, collect, notify }, settings.concurrency, log)
  const schedule = createSchedule(deps, log)
  const clocks = [
    clock(() => schedule(timerEvent('tick', runtime.now()), { requestId: 'tick' }), tickMs, log),
    clock(renewingToken(runtime, settings.dataFolder, log), tokenRequestMs, log),
    clock(healthLog(health, runtime.clock, log), healthMs, log),
    clock(async () => ({ isBusy: (await runtime.purgeHistory(runtime.now())) > 0 }), purgeMs, log),
  ]
  const url = `http://${settings.host}:${portOf(server)}`

  return {
    url,
    tokenFile,
    stop: async () => {
      server.close()
      server.closeIdleConnections()
      const stopped = Promise.all([pumps, ...clocks].map(({ stop }) => stop()))
      await inTime(stopped, graceMs)
      // What still runs is given back to its queue, and runs again when the host is started again.
      await threads.stop()
      await inTime(stopped, giveBackMs)
      server.closeAllConnections()
      runtime.close()
      log.info('host.stopped')
    },
  }
}
