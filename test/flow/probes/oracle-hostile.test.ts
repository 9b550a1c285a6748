import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { oracleProbe } from '../../../shared/adapters/oracle/oracle-probe.ts'
import { OracleConnection } from '../../../shared/model/connections/oracle.ts'
import {
  drip,
  emptyAnswer,
  endlessRows,
  endlessValue,
  hugeValue,
  longText,
  manyColumns,
  millionRowsOf,
} from '../../emulators/oracle/hostile-answers.ts'
import { type Answer, table } from '../../emulators/oracle/scenario.ts'
import { type OracleStandIn, startOracle } from '../../emulators/oracle/server.ts'
import { type Certificates, makeCertificates } from '../../support/certificates.ts'
import { growthOf } from '../../support/memory.ts'
import { askOnce, codeOfOutcome } from '../../support/probes.ts'

/** More than any answer within the limits costs, and far less than what a server could send meanwhile. */
const maxGrowthMb = 400

let certificates: Certificates
let plain: OracleStandIn
let secure: OracleStandIn
beforeAll(async () => {
  certificates = await makeCertificates()
  plain = await startOracle({ answer: () => undefined })
  secure = await startOracle({ answer: () => undefined, certificate: certificates })
})
afterAll(() => Promise.all([plain.close(), secure.close()]))

const connectionTo = (server: OracleStandIn) =>
  OracleConnection.parse({
    host: 'localhost',
    port: server.port,
    serviceName: 'orcl',
    credential: { username: 'precheck', password: 'env:X' },
    tls: { mode: server === secure ? 'required' : 'off', ca: certificates.ca },
  })

const ask = async (answer: Answer, { server = plain, limitMs = 20_000 } = {}) => {
  server.setScenario({ answer: () => answer, login: () => ({ password: 'p' }) })
  const logins = server.seen.logins.length
  const address = { engine: 'oracle', connection: connectionTo(server) } as const
  const from = performance.now()
  const { value, grownMb } = await growthOf(() =>
    askOnce(oracleProbe(null), address, { password: 'p', limitMs }, 'select 1 from dual'),
  )
  const ms = performance.now() - from
  expect(server.seen.logins.length).toBe(logins + 1)
  await expect.poll(() => server.seen.open).toBe(0)
  expect(grownMb).toBeLessThan(maxGrowthMb)
  return { outcome: value, ms }
}

describe('a server that has been taken over', () => {
  it.each<[string, Answer, string, number]>([
    ['60,000 columns', manyColumns, 'ANSWER_COLUMNS_EXCEEDED', 64],
    [
      'a million rows of 60 columns of no length, in a megabyte',
      millionRowsOf(60),
      'ANSWER_VALUES_EXCEEDED',
      1_200_000,
    ],
    [
      'a million rows of a column of no length, in a megabyte',
      millionRowsOf(1),
      'ANSWER_ROWS_EXCEEDED',
      100_000,
    ],
    ['rows without an end', endlessRows, 'ANSWER_PART_TOO_LARGE', 1_048_576],
    ['one value without an end', endlessValue, 'ANSWER_PART_TOO_LARGE', 1_048_576],
    ['a value that is said to have 4 GB', hugeValue, 'ANSWER_PART_TOO_LARGE', 1_048_576],
  ])('and sends %s is left quickly, with the limit that it passed', async (_, answer, code, limit) => {
    const { outcome, ms } = await ask(answer)
    expect(outcome).toMatchObject({ problem: { code, params: { host: 'localhost', limit } } })
    expect(ms).toBeLessThan(10_000)
  })

  it('is held to the same inside TLS', async () => {
    const { outcome } = await ask(endlessValue, { server: secure })
    expect(codeOfOutcome(outcome)).toBe('ANSWER_PART_TOO_LARGE')
  })

  it('and lets bytes drip is left at the limit of the statement', async () => {
    const { outcome, ms } = await ask(drip, { limitMs: 1500 })
    expect(codeOfOutcome(outcome)).toBe('QUERY_TIMED_OUT')
    expect(ms).toBeLessThan(4000)
  })

  it('and never ends an answer by many pages is left', async () => {
    const rows = Array.from({ length: 100_001 }, () => ({ n: 1 }))
    const { outcome } = await ask(table(rows))
    expect(codeOfOutcome(outcome)).toBe('ANSWER_ROWS_EXCEEDED')
  })

  it('may not exceed the bytes of a statement by many pages either', async () => {
    const rows = Array.from({ length: 11_000 }, () => ({ text: longText }))
    const { outcome } = await ask(table(rows))
    expect(codeOfOutcome(outcome)).toBe('ANSWER_TOO_LARGE')
  })
})

it('a RAC of eight instances with all pluggable databases that there can be passes with room', async () => {
  const rows = Array.from({ length: 8 * 4098 }, (_, index) => ({
    inst_id: (index % 8) + 1,
    con_id: index,
    name: 'P'.repeat(128),
    open_mode: 'READ WRITE',
    restricted: 'NO',
  }))
  const { outcome } = await ask(table(rows))
  expect('rows' in outcome && outcome.rows.length).toBe(rows.length)
})

it('the end of an answer is read as ever', async () => {
  const { outcome } = await ask(emptyAnswer)
  expect(outcome).toEqual({ rows: [] })
})
