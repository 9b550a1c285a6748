import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { mysqlProbe } from '../../../shared/adapters/mysql/mysql-probe.ts'
import { MySqlConnection } from '../../../shared/model/connections/mysql.ts'
import {
  drip,
  endlessNullRows,
  endlessResults,
  endlessRows,
  hugeValue,
  longRows,
  lyingLengths,
  manyColumns,
  outOfOrder,
  secondResult,
  tooManyColumns,
} from '../../emulators/mysql/hostile-answers.ts'
import { switchTo } from '../../emulators/mysql/messages.ts'
import { framed } from '../../emulators/mysql/packets.ts'
import { type Answer, type MySqlScenario, table } from '../../emulators/mysql/scenario.ts'
import { type MySqlStandIn, startMySql } from '../../emulators/mysql/server.ts'
import { type Certificates, makeCertificates } from '../../support/certificates.ts'
import { growthOf } from '../../support/memory.ts'
import { askOnce, codeOfOutcome } from '../../support/probes.ts'

/** More than any answer within the limits costs, and far less than what a server could send meanwhile. */
const maxGrowthMb = 400

const password = 'never-to-be-seen-anywhere'

let certificates: Certificates
let server: MySqlStandIn
beforeAll(async () => {
  certificates = await makeCertificates()
  server = await startMySql({ answer: () => undefined })
})
afterAll(() => server.close())

/** Nothing that a server sends gets the driver to write to the log. */
const printed = vi.fn<(...said: unknown[]) => void>()
beforeEach(() => {
  printed.mockClear()
  for (const method of ['error', 'warn', 'log'] as const)
    vi.spyOn(console, method).mockImplementation(printed)
})
afterEach(() => vi.restoreAllMocks())

/** How the registration has TLS. */
const ways = {
  off: () => ({ mode: 'off' }) as const,
  unproven: () => ({ mode: 'required', trustServerCertificate: true }) as const,
  proven: () => ({ mode: 'required', ca: certificates.ca }) as const,
} as const
type Way = keyof typeof ways

const ask = async (scenario: Partial<MySqlScenario>, { way = 'off' as Way, limitMs = 20_000 } = {}) => {
  server.setScenario({
    answer: () => table([{ n: 1 }]),
    certificate: certificates,
    tls: way === 'off' ? 'none' : 'offered',
    ...scenario,
  })
  server.seen.passwords.length = 0
  server.seen.files.length = 0
  const connection = MySqlConnection.parse({
    host: '127.0.0.1',
    port: server.port,
    credential: { username: 'precheck', password: 'env:X' },
    tls: ways[way](),
  })
  const logins = server.seen.logins.length
  const from = performance.now()
  const { value: outcome, grownMb } = await growthOf(() =>
    askOnce(mysqlProbe(null), { engine: 'mysql', connection }, { password, limitMs }, 'SELECT 1'),
  )
  const ms = performance.now() - from
  expect(server.seen.logins.length).toBeLessThanOrEqual(logins + 1)
  await expect.poll(() => server.seen.open).toBe(0)
  expect(grownMb).toBeLessThan(maxGrowthMb)
  expect(printed).not.toHaveBeenCalled()
  return { outcome, ms }
}

describe('a server that has been taken over', () => {
  it.each<[string, Answer, string, number]>([
    ['60,000 columns', manyColumns, 'ANSWER_MESSAGES_EXCEEDED', 1000],
    ['more columns than any statement asks for', tooManyColumns, 'ANSWER_COLUMNS_EXCEEDED', 64],
    ['rows without an end', endlessRows, 'ANSWER_ROWS_EXCEEDED', 100_000],
    ['rows of many columns without an end', endlessNullRows, 'ANSWER_VALUES_EXCEEDED', 1_200_000],
    ['one value without an end', hugeValue, 'ANSWER_PART_TOO_LARGE', 1_048_576],
    ['long rows without an end', longRows, 'ANSWER_TOO_LARGE', 41_943_040],
  ])('and sends %s is left quickly, with the limit that it passed', async (_, answer, code, limit) => {
    const { outcome, ms } = await ask({ answer: () => answer })
    expect(outcome).toMatchObject({ problem: { code, params: { host: '127.0.0.1', limit } } })
    expect(ms).toBeLessThan(10_000)
  })

  it.each<[string, Answer]>([
    ['results without an end', endlessResults],
    ['a second result that nobody asked for', secondResult],
    ['packets out of order', outOfOrder],
    ['lengths that lead beyond a packet', lyingLengths],
  ])('and sends %s is left', async (_, answer) => {
    const { outcome, ms } = await ask({ answer: () => answer })
    expect(codeOfOutcome(outcome)).toBe('NOT_A_DATABASE')
    expect(ms).toBeLessThan(10_000)
  })

  it('is held to the same inside TLS', async () => {
    const { outcome } = await ask({ answer: () => hugeValue }, { way: 'proven' })
    expect(codeOfOutcome(outcome)).toBe('ANSWER_PART_TOO_LARGE')
  })

  it('and greets without an end is left', async () => {
    const { outcome } = await ask({ greeting: 'endless' })
    expect(codeOfOutcome(outcome)).toBe('ANSWER_PART_TOO_LARGE')
  })

  it('and lets bytes drip is left at the limit of the statement', async () => {
    const { outcome, ms } = await ask({ answer: () => drip }, { limitMs: 1500 })
    expect(codeOfOutcome(outcome)).toBe('QUERY_TIMED_OUT')
    expect(ms).toBeLessThan(4000)
  })

  it('cannot have names of columns run as code, nor change what an object is', async () => {
    const name = "x']; globalThis.taken = true; ['"
    const { outcome } = await ask({ answer: () => table([{ [name]: 1, constructor: 2 }]) })
    expect('rows' in outcome && outcome.rows.map((row) => Object.entries(row))).toEqual([
      [
        [name.toLowerCase(), 1],
        ['constructor', 2],
      ],
    ])
    expect(globalThis).not.toHaveProperty('taken')
  })
})

describe('the password is withheld', () => {
  const insecure = ['off', 'unproven'] as const
  const plugins = ['caching_sha2_password', 'sha256_password', 'mysql_clear_password'] as const

  it.each(insecure.flatMap((way) => plugins.map((plugin) => [plugin, way] as const)))(
    'from %s with TLS %s, whatever the account uses',
    async (plugin, way) => {
      for (const greeted of [plugin, 'mysql_native_password'] as const) {
        const { outcome } = await ask({ plugin, greeted, isForgetful: true }, { way })
        expect(outcome).toMatchObject({ problem: { code: 'MYSQL_PASSWORD_WITHHELD', params: { plugin } } })
        expect(server.seen.passwords).toEqual([])
      }
    },
  )

  it.each(['dialog', '__proto__'] as const)('from %s, even in TLS', async (plugin) => {
    for (const way of ['off', 'unproven', 'proven'] as const) {
      const { outcome } = await ask({ plugin }, { way })
      expect(codeOfOutcome(outcome)).toBe('MYSQL_AUTHENTICATION_UNSUPPORTED')
      expect(server.seen.passwords).toEqual([])
    }
  })

  it('from what was sent before TLS began, as if it had come through it', async () => {
    const nonce = Buffer.alloc(20, 1)
    for (const plugin of plugins) {
      const injected = framed(switchTo(plugin, nonce), 2)
      const { outcome } = await ask({ greeting: { injected }, isForgetful: true }, { way: 'proven' })
      expect(codeOfOutcome(outcome)).toBe('NOT_A_DATABASE')
      expect(server.seen.passwords).toEqual([])
    }
  })
})

describe('a file that the server asks for', () => {
  it.each(Object.keys(ways) as Way[])('is not sent, nor offered, with TLS %s', async (way) => {
    const senders = server.seen.fileSenders
    const { outcome } = await ask({ answer: () => ({ file: '/etc/passwd' }) }, { way })
    expect(codeOfOutcome(outcome)).toBe('MYSQL_FILE_WITHHELD')
    expect(server.seen.files.filter(({ length }) => length > 0)).toEqual([])
    expect(server.seen.fileSenders).toBe(senders)
  })
})
