import { runSweeps } from '../../shared/flows/sweeps/run-sweeps.ts'
import type { Log } from '../../shared/ports/log.ts'
import { type TimerFunction, timerFunction } from '../../shared/runtime/timer-chain.ts'

type Deps = Omit<Parameters<typeof runSweeps>[0], 'log'> & {
  /** How long an invocation may go on, ms: less than its time limit by what the last page may take. */
  readonly runForMs: number
}

/** Timer trigger: one round over all sweeps. `isBusy`: more is to do at once. */
export const createHandler = (deps: Deps, log: Log): TimerFunction<{ readonly isBusy: boolean }> =>
  timerFunction(log, () => runSweeps({ ...deps, log }, deps.steady.ms() + deps.runForMs))
