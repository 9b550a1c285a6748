import { serveChecks } from '../../infra/host/serve-checks.ts'
import type { ProbeOutcome } from '../../shared/checks/judge.ts'
import type { DatabaseProbe, StatementOutcome } from '../../shared/ports/probe.ts'
import type { Engine } from '../../shared/model/engine.ts'
import { answersOf } from '../emulators/oracle/catalogue-answers.ts'
import { databaseProbes } from '../support/database-probes.ts'
import { probe } from './peers/peer.ts'

/** Program of the check threads with probes that know their answer: facts of a healthy Oracle, after a login of `BENCH_PROBE_MS`. */
const probeMs = Number(process.env['BENCH_PROBE_MS'])

const answer = answersOf({})

const healthyRows = (sql: string): StatementOutcome => {
  const found = answer(sql)
  if (!found || !('rows' in found)) throw new Error(`No facts for ${sql}`)
  const rowOf = (row: (typeof found.rows)[number]) =>
    Object.fromEntries(
      found.columns.map(({ name }, index) => {
        const value = row[index] ?? null
        return [name.toLowerCase(), value instanceof Date ? value.toISOString() : value]
      }),
    )
  return { rows: found.rows.map(rowOf) }
}

const known = new Map<string, StatementOutcome>()
const session = {
  ask: async (sql: string): Promise<StatementOutcome> => {
    const outcome = known.get(sql) ?? healthyRows(sql)
    known.set(sql, outcome)
    return outcome
  },
  close: async () => undefined,
}

const database: DatabaseProbe<Engine> = async () => {
  await probe(probeMs)
  return { session }
}

const reached: ProbeOutcome = {
  answer: [
    {
      url: 'https://oss-cn-hangzhou-internal.aliyuncs.com/',
      address: '127.0.0.1',
      phases: { dns: 1, connect: 1, tls: 1, http: 1 },
      status: 403,
      failure: null,
    },
  ],
}

const probes = {
  databases: databaseProbes(() => database),
  https: async () => {
    await probe(probeMs)
    return reached
  },
}

serveChecks(() => probes)
