import { describe, expect, it } from 'vitest'
import { checksFor, engines, essentialRights } from '../../../../shared/checks/catalogue.ts'
import type { Problem } from '../../../../shared/checks/problems/problem.ts'
import { validateLogin } from '../../../../shared/flows/logins/validate-login.ts'
import { Engine } from '../../../../shared/model/engine.ts'
import type { StatementOutcome } from '../../../../shared/ports/probe.ts'
import { definitionOf } from '../../../support/context.ts'
import { databaseProbes } from '../../../support/database-probes.ts'
import { clocksAt } from '../../../support/clocks.ts'

const now = '2026-11-21T02:00:00.000Z'

const privilegesOf = (engine: Engine) => {
  const needed = new Set(checksFor(engine).flatMap(({ privileges }) => privileges))
  return Object.entries(engines[engine].privileges).filter(([name]) => needed.has(name))
}

/** Validates the login at a server that answers the statement of each privilege like this, by its place. */
const resultOf = async (
  engine: Engine,
  outcomeOf: (place: number) => StatementOutcome,
  definition = definitionOf(engine),
) => {
  const probes = privilegesOf(engine).map(([, { probe }]) => probe)
  const message = await validateLogin(
    {
      probes: {
        databases: databaseProbes(() => async () => ({
          session: { ask: async (sql) => outcomeOf(probes.indexOf(sql)), close: async () => undefined },
        })),
      },
      secrets: { resolve: async () => ({ value: 'secret' }) },
      ...clocksAt(() => Date.parse(now)),
    },
    {
      kind: 'validate',
      validationId: `val_${'0'.repeat(16)}`,
      target: { instanceId: 'db1', definition },
      limitMs: 1000,
    },
  )
  if (message.kind !== 'validation') throw new Error('not a validation')
  return message.result
}

const validated = async (engine: Engine, outcomeOf: (place: number) => StatementOutcome) => {
  const { problem, missing } = await resultOf(engine, outcomeOf)
  return { problem: problem?.code ?? null, missing }
}

const held: StatementOutcome = { rows: [{ held: 1 }] }
const refused = (code: string): StatementOutcome => ({ refused: { code, params: {} } satisfies Problem })

/** The essential items of MySQL read what every login may. */
const needing = Engine.options.filter((engine) => essentialRights(engine).size > 0)

it('of MySQL tells to whom rights are to be given, where some are missing', async () => {
  const asAccount = (account: string) => (place: number) =>
    place < 0 ? { rows: [{ account }] } : refused('PRIVILEGE_MISSING')
  const standard = definitionOf('mysql', { checks: { set: 'standard' } })
  expect(await resultOf('mysql', asAccount("o'neil@home@10.%"), standard)).toMatchObject({
    account: "o'neil@home@10.%",
  })
  expect(await resultOf('mysql', asAccount('x'.repeat(513)), standard)).not.toHaveProperty('account')
  expect(engines.mysql.privileges['PROCESS']?.grants('precheck', "o'neil@home@10.%")).toEqual([
    "GRANT PROCESS ON *.* TO 'o''neil@home'@'10.%';",
  ])
  expect(engines.mysql.privileges['PROCESS']?.grants('precheck')).toEqual([
    "GRANT PROCESS ON *.* TO 'precheck'@'%';",
  ])
})

describe.each(needing)('what a login of %s may', (engine) => {
  const [[first]] = privilegesOf(engine) as [[string, unknown]]

  it('takes a refusal for lack of a privilege for a missing grant', async () => {
    const outcomeOf = (place: number) => (place === 0 ? refused('PRIVILEGE_MISSING') : held)
    expect(await validated(engine, outcomeOf)).toEqual({
      problem: null,
      missing: [first],
    })
  })

  it.each(['ORACLE_INSTANCE_NOT_MOUNTED', 'ORACLE_DATABASE_NOT_OPEN', 'SQLSERVER_DATABASE_NOT_ACCESSIBLE'])(
    'is not known where the server cannot answer now: %s',
    async (code) => {
      expect(await validated(engine, (place) => (place === 1 ? refused(code) : held))).toEqual({
        problem: code,
        missing: [],
      })
    },
  )
})

describe.each(Engine.options)('validation of a login of %s', (engine) => {
  it('needs the rights of the essential items only: of the others it tells which are missing', async () => {
    const everything = definitionOf(engine, { checks: { set: 'deep' } })
    const all = privilegesOf(engine).map(([name]) => name)
    const beyond = all.filter((name) => !essentialRights(engine).has(name))
    const outcomeOf = (place: number) =>
      beyond.includes(all[place] ?? '') ? refused('PRIVILEGE_MISSING') : held
    expect(beyond).not.toEqual([])
    expect(await resultOf(engine, outcomeOf, everything)).toEqual({
      problem: null,
      missing: [],
      missingBeyond: beyond,
    })
  })

  it('is complete where every statement is answered', async () => {
    expect(await validated(engine, () => held)).toEqual({ problem: null, missing: [] })
  })
})
