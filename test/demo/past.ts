import { setTimeout as sleep } from 'node:timers/promises'
import type * as z from 'zod'
import { createHandler as createCollect } from '../../functions/collect/handler.ts'
import { createHandler as createNotify } from '../../functions/notify/handler.ts'
import { createHandler as createRunCheck } from '../../functions/run-check/handler.ts'
import { createHandler as createSchedule } from '../../functions/schedule/handler.ts'
import { invoking } from '../../infra/host/pump.ts'
import { startPumps } from '../../infra/host/pumps.ts'
import { registerInstance } from '../../shared/flows/instances/register-instance.ts'
import { InstanceDefinition } from '../../shared/model/instance.ts'
import { readSettings } from '../../shared/runtime/environment.ts'
import { localCheckDeps, localRuntime } from '../../shared/runtime/local.ts'
import type { Log } from '../../shared/ports/log.ts'
import { realProbes } from '../../shared/runtime/probes.ts'
import { realNights } from '../../shared/runtime/real-nights.ts'
import { timerEvent } from '../../shared/runtime/timer-chain.ts'
import { WebhookDefinition } from '../../shared/webhooks/model/webhook.ts'
import { createWebhook } from '../../shared/webhooks/register-webhook.ts'
import { clocksAt } from '../support/clocks.ts'

const dayMs = 24 * 60 * 60 * 1000
const hourMs = dayMs / 24

/** When the window of a night begins, on the clock of the regions of the demo (02:00 in China), and when it is over. */
const beginsAtMs = 18 * hourMs
const windowMs = 2 * hourMs

/** Between two looks at the schedules of a night, ms: its starts are spread over the window. */
const tickMs = hourMs / 2

/** After the window, what has ended is entered into the night, ms. */
const endMs = hourMs / 6

/** Between two looks at whether what was started has ended, ms. */
const lookAgainMs = 5

/** The nights that a fleet had before now. */
export interface FleetPast {
  readonly nights: number
  /** Registrations by their ids. `nightAt`: when the window of a night begins, ms since 1970. */
  readonly register: (
    nightAt: (night: number) => number,
  ) => Readonly<Record<string, z.input<typeof InstanceDefinition>>>
  /** Makes the servers what they were in a night, 0 being the oldest. */
  readonly become: (night: number) => void
  /** Who is told of the nights; left out: nobody. */
  readonly webhooks?: readonly z.input<typeof WebhookDefinition>[]
}

interface Past extends FleetPast {
  /** With the data folder of the service that goes on with it. */
  readonly environment: NodeJS.ProcessEnv
  readonly log: Log
}

/** The begins of the last nights whose windows are over, oldest first, ms since 1970. */
const nightsBefore = (nowMs: number, count: number): readonly number[] => {
  const today = Math.floor((nowMs - beginsAtMs - windowMs) / dayMs) * dayMs
  return Array.from({ length: count }, (_, night) => today - (count - 1 - night) * dayMs + beginsAtMs)
}

/**
 * Lives through nights in a fraction of a minute: the functions of the service and its store, with a clock that is set
 * to each night. What comes of it was written by nobody else: schedules, prechecks of the servers that there are, what
 * is remembered of them, sweeps.
 */
export const liveThrough = async (past: Past): Promise<void> => {
  const { environment, log, nights, register, become, webhooks = [] } = past
  const settings = readSettings(environment)
  const begins = nightsBefore(Date.now(), nights)
  const clock = { setTo: (begins[0] ?? 0) - hourMs, at: Date.now() }
  const clocks = clocksAt(() => clock.setTo + Date.now() - clock.at)
  const setTo = (ms: number): void => void Object.assign(clock, { setTo: ms, at: Date.now() })

  const runtime = localRuntime(settings, environment)
  const deps = { ...runtime, ...clocks, realNights: realNights(clocks.steady, () => null) }
  const checks = { ...deps, ...localCheckDeps(settings, environment), ...clocks, probes: realProbes(null) }
  const functions = {
    runCheck: invoking(createRunCheck(checks, log), 'checks'),
    collect: invoking(createCollect(deps, log), 'results'),
    notify: invoking(createNotify(deps, log), 'notifications'),
  }
  const pumps = startPumps(runtime, functions, settings.concurrency, log)
  const schedule = createSchedule(deps, log)
  const isRunning = async (): Promise<boolean> => {
    const { items } = await runtime.results.standings({ limit: 100 })
    return items.some(({ runningId }) => runningId !== null)
  }
  const tick = async (): Promise<void> => {
    while ((await schedule(timerEvent('tick', clocks.now()), { requestId: 'tick' })).isBusy)
      await sleep(lookAgainMs)
    while (await isRunning()) await sleep(lookAgainMs)
  }

  const definitions = register((night) => begins[night] ?? 0)
  for (const [instanceId, given] of Object.entries(definitions))
    await registerInstance(deps, { instanceId, definition: InstanceDefinition.parse(given) })
  for (const definition of webhooks) await createWebhook(deps, WebhookDefinition.parse(definition))
  await tick()
  for (const [night, begin] of begins.entries()) {
    become(night)
    for (let at = begin; at <= begin + windowMs; at += tickMs) {
      setTo(at)
      await tick()
    }
    setTo(begin + windowMs + endMs)
    await tick()
  }
  setTo(Date.now())
  await tick()
  await pumps.stop()
  runtime.close()
}
