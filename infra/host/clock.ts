import type { Log } from '../../shared/ports/log.ts'

/** What is done again and again, for example an invocation of the function behind the timer; tells whether there is more to do at once. */
export type Tick = () => Promise<{ readonly isBusy: boolean }>

/** A running clock. */
export interface Clock {
  /** Ticks no more, and resolves when the tick under way has ended. */
  readonly stop: () => Promise<void>
}

/** As long as there is something to do, ms: what is awaited are prechecks, and these take some time. */
const busyMs = 50

/** Does for the embedded service what a timer trigger does in the cloud: every `idleMs`, and sooner while there is more to do. */
export const clock = (tick: Tick, idleMs: number, log: Log): Clock => {
  const state = { isStopping: false }
  let wake = (): void => undefined

  /** What fails is tried again at the next tick: all that counts is on disk. */
  const tickOnce = async (): Promise<boolean> => {
    try {
      return (await tick()).isBusy
    } catch (cause) {
      log.error('clock.failed', { message: String(cause) })
      return false
    }
  }

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  const run = async (): Promise<void> => {
    while (!state.isStopping) {
      const ms = (await tickOnce()) ? busyMs : idleMs
      if (!state.isStopping) await pause(ms)
    }
  }

  const ended = run()
  return {
    stop: () => {
      state.isStopping = true
      wake()
      return ended
    },
  }
}
