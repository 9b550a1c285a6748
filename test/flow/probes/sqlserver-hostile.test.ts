import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sqlServerProbe } from '../../../shared/adapters/sqlserver/sqlserver-probe.ts'
import { SqlServerConnection } from '../../../shared/model/connections/sqlserver.ts'
import {
  drip,
  endlessMessages,
  endlessNullRows,
  endlessRows,
  hugeValue,
  int,
  manyColumns,
  manyTokens,
} from '../../emulators/sqlserver/hostile-answers.ts'
import { columnsToken, rowToken } from '../../emulators/sqlserver/rows.ts'
import { type Answer, type SqlServerScenario, table } from '../../emulators/sqlserver/scenario.ts'
import { type SqlServerStandIn, startSqlServer } from '../../emulators/sqlserver/server.ts'
import { doneStatus, doneToken } from '../../emulators/sqlserver/tokens.ts'
import { type Certificates, makeCertificates } from '../../support/certificates.ts'
import { sqlServerSamples } from '../../support/facts/sqlserver.ts'
import { growthOf } from '../../support/memory.ts'
import { askOnce, codeOfOutcome } from '../../support/probes.ts'

/** More than any answer within the limits costs, and far less than what a server could send meanwhile. */
const maxGrowthMb = 400

let certificates: Certificates
let server: SqlServerStandIn
beforeAll(async () => {
  certificates = await makeCertificates()
  server = await startSqlServer({ answer: () => undefined })
})
afterAll(() => server.close())

const ask = async (answer: Answer, scenario: Partial<SqlServerScenario> = {}, limitMs = 20_000) => {
  server.setScenario({ answer: () => answer, certificate: certificates, ...scenario })
  const mode = { none: 'off', offered: 'required', required: 'required', strict: 'strict' } as const
  const connection = SqlServerConnection.parse({
    host: '127.0.0.1',
    port: server.port,
    credential: { username: 'precheck', password: 'env:X' },
    tls: { mode: mode[scenario.tls ?? 'none'], ca: certificates.ca, serverName: 'localhost' },
  })
  const logins = server.seen.logins.length
  const from = performance.now()
  const { value, grownMb } = await growthOf(() =>
    askOnce(
      sqlServerProbe(null),
      { engine: 'sqlserver', connection },
      { password: 'p', limitMs },
      'SELECT 1',
    ),
  )
  const ms = performance.now() - from
  expect(server.seen.logins.length).toBe(logins + (scenario.preLogin ? 0 : 1))
  await expect.poll(() => server.seen.open).toBe(0)
  expect(grownMb).toBeLessThan(maxGrowthMb)
  return { outcome: value, ms }
}

const text = [{ name: 'text', type: 'nvarchar' }] as const
const head = columnsToken(int)
const many = <Item>(count: number, item: Item): Item[] => Array.from({ length: count }, () => item)

describe('a server that has been taken over', () => {
  it.each<[string, Answer, string, number]>([
    ['60,000 columns of NULL in every row', manyColumns, 'ANSWER_COLUMNS_EXCEEDED', 64],
    ['rows without an end', endlessRows, 'ANSWER_ROWS_EXCEEDED', 100_000],
    ['rows of many columns without an end', endlessNullRows, 'ANSWER_VALUES_EXCEEDED', 1_200_000],
    ['messages without an end', endlessMessages, 'ANSWER_MESSAGES_EXCEEDED', 1000],
    [
      'ends of statements without an end',
      { tokens: head, endless: { chunk: manyTokens(50, doneToken('batch', doneStatus.more)) } },
      'ANSWER_MESSAGES_EXCEEDED',
      1000,
    ],
    ['one value without an end', hugeValue, 'ANSWER_PART_TOO_LARGE', 1_048_576],
    [
      'long rows without an end',
      {
        tokens: columnsToken(text),
        endless: { chunk: manyTokens(5, rowToken(text, ['x'.repeat(100_000)])) },
      },
      'ANSWER_TOO_LARGE',
      41_943_040,
    ],
  ])('and sends %s is left quickly, with the limit that it passed', async (_, answer, code, limit) => {
    const { outcome, ms } = await ask(answer)
    expect(outcome).toMatchObject({ problem: { code, params: { host: '127.0.0.1', limit } } })
    expect(ms).toBeLessThan(10_000)
  })

  it.each(['required', 'strict'] as const)('is held to the same inside TLS (%s)', async (tls) => {
    const { outcome } = await ask(hugeValue, { tls })
    expect(codeOfOutcome(outcome)).toBe('ANSWER_PART_TOO_LARGE')
  })

  it.each(['none', 'strict'] as const)('and answers PRELOGIN without an end is left (%s)', async (tls) => {
    const { outcome } = await ask({ tokens: head }, { tls, preLogin: 'endless' })
    expect(codeOfOutcome(outcome)).toBe('ANSWER_PART_TOO_LARGE')
  })

  it('and lets bytes drip is left at the limit of the statement', async () => {
    const { outcome, ms } = await ask(drip, {}, 1500)
    expect(codeOfOutcome(outcome)).toBe('QUERY_TIMED_OUT')
    expect(ms).toBeLessThan(4000)
  })

  it('may not exceed the bytes of a session by many statements either', async () => {
    const row = rowToken(text, ['x'.repeat(100_000)])
    const tokens = Buffer.concat([
      columnsToken(text),
      manyTokens(100, row),
      doneToken('batch', doneStatus.count),
    ])
    server.setScenario({ answer: () => ({ tokens }) })
    const connection = SqlServerConnection.parse({
      host: '127.0.0.1',
      port: server.port,
      credential: { username: 'precheck', password: 'env:X' },
      tls: { mode: 'off' },
    })
    const login = await sqlServerProbe(null)(
      { engine: 'sqlserver', connection },
      { password: 'p', limitMs: 5000 },
    )
    if ('problem' in login) throw new Error(login.problem.code)
    const codes: (string | undefined)[] = []
    for (let count = 0; count < 6; count += 1)
      codes.push(codeOfOutcome(await login.session.ask('SELECT 1', 20_000)))
    await login.session.close()
    expect(codes).toEqual([...many(4, undefined), 'SESSION_TOO_LARGE', 'SESSION_TOO_LARGE'])
  })
})

it('an instance with the 32,767 databases that SQL Server can have, with the longest names, passes with room', async () => {
  const rows = Array.from({ length: 32_767 }, (_, index) => ({
    ...sqlServerSamples.databases,
    database_id: index + 1,
    name: String(index).padEnd(128, 'x'),
    replica_id: '0'.repeat(36),
    mirroring_role_desc: 'PRINCIPAL',
  }))
  const { outcome } = await ask(table(rows))
  expect('rows' in outcome && outcome.rows.length).toBe(32_767)
})
