import { Option } from '@commander-js/extra-typings'
import { ReadinessAnswer } from '../../../functions/api/resources/readiness.ts'
import { type Operation, allOperations } from '../../../shared/model/operation.ts'
import type { Verdict } from '../../../shared/model/readiness.ts'
import { moment } from '../service/moment.ts'
import { readinessLines } from '../reports/readiness-table.ts'
import { exitCodes } from '../reports/terminal.ts'
import { verdictWords } from '../reports/words.ts'
import { instancePath, withQuery } from '../service/paths.ts'
import { asking } from './asking.ts'
import type { AddCommand } from './command.ts'
import { describedInstance } from './described.ts'

const exitCodeOf: Readonly<Record<Verdict, number>> = {
  ready: exitCodes.passed,
  degraded: exitCodes.warning,
  blocked: exitCodes.failed,
  unknown: exitCodes.inconclusive,
}

/** What was acknowledged is said by the report of the precheck. */
const nothing: ReadonlySet<string> = new Set()

export const readiness: AddCommand = (program, actionOf, say) =>
  program
    .command('readiness')
    .description(
      say({
        en: 'tell from the last result which operation is safe; exits with 0 if all asked for is, 2 if not',
        zh: '根据上次结果说明哪些操作可以安全执行；全部就绪时退出码为 0，受阻时为 2',
      }),
    )
    .argument('<instance-id>', say(describedInstance))
    .addOption(
      new Option('--operation <operation>', say({ en: 'only this one', zh: '只看该操作' })).choices(
        allOperations,
      ),
    )
    .option('--database <name>', say({ en: 'only this one', zh: '只看该数据库' }))
    .action(
      actionOf(
        asking({
          request: (id: string, { operation, database }: { operation?: Operation; database?: string }) => ({
            method: 'GET',
            path: withQuery(`${instancePath(id)}/readiness`, { operation, database }),
          }),
          answer: ReadinessAnswer,
          exitCode: ({ verdict }) => exitCodeOf[verdict],
          text: ({ instanceId, verdict, completedAt, precheckId, ...table }, look) => {
            const { say: tell } = look
            const as = moment(completedAt)
            const head = tell({
              en: `${instanceId} is ${verdict} as of ${as} (${precheckId}).`,
              zh: `${instanceId}：${verdictWords[verdict].zh}，截至 ${as}（${precheckId}）。`,
            })
            const lines = readinessLines({ ...table, acknowledged: nothing }, allOperations, look)
            return `${[head, ...lines].join('\n')}\n`
          },
        }),
      ),
    )
