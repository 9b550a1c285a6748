import { Option } from '@commander-js/extra-typings'
import { GateView } from '../../../functions/api/views/gate-view.ts'
import { maxGateAgeSeconds } from '../../../shared/model/gate.ts'
import { allOperations } from '../../../shared/model/operation.ts'
import { gateReport } from '../reports/gate-report.ts'
import { exitCodes, print } from '../reports/terminal.ts'
import { type Access, defaultLimits, pause, send } from '../service/client.ts'
import type { AddCommand } from './command.ts'
import { describedDatabases, describedInstance, describedOperation } from './described.ts'
import { parseDuration, parseName } from './option-values.ts'

/** What the command line calls the fields of the request. */
const optionOf = { operation: '--operation', databases: '--database', maxAgeSeconds: '--max-age' }

/** Of the time that a request may take, the part in which the service may wait. */
const waitingPart = 0.5

/** Pause between two questions, ms, where the service does not wait by itself. */
const pauseMs = 500

/** What is asked, times in seconds. */
interface Question {
  readonly instanceId: string
  readonly operation: string
  readonly databases: readonly string[] | undefined
  readonly maxAge: number
  readonly wait: number
}

/** Asks until there is a judgement or the time is over. What ends meanwhile is as new as it was meant to be. */
const askUntilJudged = async (access: Access, { maxAge, wait, ...asked }: Question): Promise<GateView> => {
  const { timeoutMs } = access.limits ?? defaultLimits
  const begun = performance.now()
  for (let passed = 0; ; passed = (performance.now() - begun) / 1000) {
    const left = Math.max(0, wait - passed)
    const body = {
      ...asked,
      maxAgeSeconds: Math.min(maxGateAgeSeconds, maxAge + Math.ceil(passed)),
      wait: Math.floor(Math.min(left, (timeoutMs / 1000) * waitingPart)),
    }
    const answer = await send(access, { method: 'POST', path: '/v1/gates', body, optionOf }, GateView)
    if (answer.state === 'completed' || left === 0) return answer
    await pause(access, Math.min(pauseMs, left * 1000))
  }
}

const exitCodeOf = ({ decision, proceed }: GateView): number => {
  if (proceed) return exitCodes.passed
  return decision === 'deny' ? exitCodes.failed : exitCodes.inconclusive
}

export const gate: AddCommand = (program, actionOf, say) =>
  program
    .command('gate')
    .description(
      say({
        en: 'tell a backup job whether it may run: exits with 0 if so, 2 if it would fail, 3 if nobody knows',
        zh: '告诉备份作业能否执行：可以时退出码为 0，会失败时为 2，无法判定时为 3',
      }),
    )
    .argument('<instance-id>', say(describedInstance))
    .addOption(
      new Option('--operation <operation>', say(describedOperation))
        .choices(allOperations)
        .makeOptionMandatory(),
    )
    .option('--database <name>', say(describedDatabases), parseName)
    .option(
      '--max-age <duration>',
      say({
        en: 'a result of so long ago is new enough (90s, 15m, 2h)',
        zh: '多久以内的结果仍可使用（90s、15m、2h）',
      }),
      parseDuration,
      15 * 60,
    )
    .option(
      '--wait <duration>',
      say({ en: 'how long to wait for a precheck', zh: '等待预检的最长时间' }),
      parseDuration,
      10 * 60,
    )
    .action(
      actionOf(async ({ access, terminal }, instanceId, { operation, database: databases, maxAge, wait }) => {
        const answer = await askUntilJudged(access(), { instanceId, operation, databases, maxAge, wait })
        print(terminal, answer, (shown) => gateReport(shown, terminal))
        return exitCodeOf(answer)
      }),
    )
