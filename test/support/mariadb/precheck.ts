import { mysqlProbe } from '../../../shared/adapters/mysql/mysql-probe.ts'
import { checksFor } from '../../../shared/checks/catalogue.ts'
import type { Problem } from '../../../shared/checks/problems/problem.ts'
import { answerOf, askingOnce } from '../../../shared/flows/prechecks/ask-database.ts'
import { plannedOperations } from '../../../shared/model/instance.ts'
import type { ItemResult } from '../../../shared/model/item-result.ts'
import type { Operation } from '../../../shared/model/operation.ts'
import { type Verdict, readinessOf } from '../../../shared/model/readiness.ts'
import { defaultThresholds } from '../../../shared/model/default-thresholds.ts'
import type { Thresholds } from '../../../shared/model/thresholds.ts'
import { logIn } from '../../../shared/ports/probe.ts'
import { definitionOf, judged } from '../context.ts'
import { backupAccount, precheckAccount } from './accounts.ts'
import type { MariaDb } from './instance.ts'

const limitMs = 20_000

/** What a precheck of everything says of a server under the profile `native`. */
export interface Prechecked {
  readonly results: readonly ItemResult[]
  readonly verdicts: Readonly<Record<Operation, Verdict>>
}

const checks = checksFor('mysql').filter(({ engine }) => engine === 'mysql')

/** Prechecks a server with its real driver, as the service does. */
export const precheck = async (
  { port }: Pick<MariaDb, 'port'>,
  thresholds: Partial<Thresholds> = {},
): Promise<Prechecked> => {
  const definition = definitionOf('mysql', {
    profile: 'native',
    backupAccount: backupAccount.user,
    connection: {
      host: '127.0.0.1',
      port,
      tls: { mode: 'off' },
      credential: { username: precheckAccount.user, password: 'env:PRECHECK_SECRET_X' },
    },
  })
  const context = {
    target: { instanceId: 'db1', definition },
    planned: plannedOperations(definition),
    thresholdsFor: () => ({ ...defaultThresholds, ...thresholds }),
    now: new Date(),
  }
  const probes = { mysql: mysqlProbe(null) } as never
  const login = await logIn(probes, definition, { password: precheckAccount.password, limitMs })
  const ask = 'session' in login ? askingOnce(login.session, () => limitMs) : null
  const results: ItemResult[] = []
  for (const check of checks) {
    if (!('queries' in check.question)) continue
    const outcome =
      'problem' in login || ask === null
        ? (login as { problem: Problem })
        : await answerOf(ask, check.question.queries)
    results.push(judged(check, outcome, context, checks))
  }
  if ('session' in login) await login.session.close()
  const planned = checks.map(({ id, affects }) => ({ checkItem: id, affects: [...affects('native')] }))
  const { instance, databases } = readinessOf(planned, results)
  const worst = (operation: Operation): Verdict => {
    const all = [instance[operation].verdict, ...databases.map((row) => row.operations[operation].verdict)]
    return (
      (['blocked', 'unknown', 'degraded', 'ready'] as const).find((each) => all.includes(each)) ?? 'unknown'
    )
  }
  return {
    results,
    verdicts: {
      full: worst('full'),
      incremental: worst('incremental'),
      log: worst('log'),
      restore: worst('restore'),
    },
  }
}
