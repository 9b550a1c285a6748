import { execFile, execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { statementTable } from '../../emulators/answer.ts'
import { clr, encodeNumber, ub } from '../../emulators/oracle/primitives.ts'
import * as oracle from '../../emulators/oracle/scenario.ts'
import { type OracleStandIn, startOracle } from '../../emulators/oracle/server.ts'
import * as sqlserver from '../../emulators/sqlserver/scenario.ts'
import { type SqlServerStandIn, startSqlServer } from '../../emulators/sqlserver/server.ts'
import { errorToken } from '../../emulators/sqlserver/tokens.ts'
import { type Certificates, makeCertificates } from '../../support/certificates.ts'
import { propertyRuns } from '../../support/property-runs.ts'

/**
 * Clients that are not ours and not the drivers of this service, so that the stand-ins are not merely what one driver
 * tolerates. Debian: freetds-bin, python3-oracledb.
 */

const run = promisify(execFile)
const hasTsql = existsSync('/usr/bin/tsql')
const hasPython = ((): boolean => {
  try {
    execFileSync('/usr/bin/python3', ['-c', 'import oracledb'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

let certificate: Certificates
let sqlServer: SqlServerStandIn
let oracleServer: OracleStandIn

const sqlServerScenario: sqlserver.SqlServerScenario = {
  login: ({ password }) => (password === 'secret' ? 'accept' : [{ number: 18456, message: 'Login failed.' }]),
  answer: statementTable([
    [
      'SELECT name FROM sys.databases',
      sqlserver.table([
        { name: 'master', n: 1 },
        { name: 'Sales', n: null },
      ]),
    ],
  ]),
}

beforeAll(async () => {
  certificate = await makeCertificates()
  sqlServer = await startSqlServer(sqlServerScenario)
  oracleServer = await startOracle({
    login: () => ({ password: 'secret' }),
    answer: statementTable([
      [
        'select name, n from v$database',
        oracle.table(Array.from({ length: 40 }, (_, n) => ({ name: `ORCL${n}`, n: n - 20.5 }))),
      ],
    ]),
  })
})
afterAll(() => Promise.all([sqlServer.close(), oracleServer.close()]))

describe('FreeTDS against the SQL Server stand-in', () => {
  const folder = mkdtempSync(join(tmpdir(), 'precheck-freetds-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  /** `encryption`: what the client wants, by the word in its configuration (freetds.conf(5)). */
  const tsql = async (password: string, encryption = 'request'): Promise<string> => {
    const configuration = join(folder, `${encryption}.conf`)
    const lines = ['[global]', 'tds version = 7.4', `encryption = ${encryption}`]
    writeFileSync(
      configuration,
      [...lines, '[standin]', 'host = 127.0.0.1', `port = ${sqlServer.port}`].join('\n'),
    )
    const script = `printf 'SELECT name FROM sys.databases\\ngo\\n' | tsql -S standin -U precheck -P ${password} 2>&1 || true`
    const { stdout } = await run('bash', ['-c', script], {
      env: { ...process.env, FREETDSCONF: configuration },
    })
    return stdout
  }

  it.skipIf(!hasTsql)('logs in and reads rows', async () => {
    expect(await tsql('secret')).toMatch(/master\s+1[\s\S]*Sales\s+NULL/)
  })

  it.skipIf(!hasTsql)('is refused with the number of the server', async () => {
    expect(await tsql('wrong')).toContain('18456')
  })

  // The words of FreeTDS send NOT_SUP, OFF (TLS for the login alone) and ON.
  it.skipIf(!hasTsql).each([
    ['none', 'off', true],
    ['none', 'request', true],
    ['none', 'require', false],
    ['offered', 'off', true],
    ['offered', 'request', true],
    ['offered', 'require', true],
    ['required', 'off', false],
    ['required', 'request', true],
    ['required', 'require', true],
  ] as const)('that has TLS %s, wanting it with "%s": %s', async (tls, encryption, isServed) => {
    sqlServer.setScenario({ ...sqlServerScenario, tls, certificate })
    const said = await tsql('secret', encryption)
    sqlServer.setScenario(sqlServerScenario)
    expect(said.includes('Sales')).toBe(isServed)
  })
})

describe('python-oracledb against the Oracle stand-in', () => {
  const python = (password: string) => {
    const program = [
      'import oracledb',
      `c = oracledb.connect(user="u", password="${password}", dsn="127.0.0.1:${oracleServer.port}/orcl")`,
      'print(c.cursor().execute("select name, n from v$database").fetchall())',
    ].join('\n')
    return run('/usr/bin/python3', ['-c', program]).catch((fault: { stderr: string }) => ({
      stdout: fault.stderr,
    }))
  }

  it.skipIf(!hasPython)('logs in and fetches rows page by page', async () => {
    const { stdout } = await python('secret')
    expect(stdout).toContain("('ORCL0', -20.5)")
    expect(stdout).toContain("('ORCL39', 18.5)")
  })

  it.skipIf(!hasPython)('is refused with ORA-01017', async () => {
    expect((await python('wrong')).stdout).toContain('ORA-01017')
  })
})

describe('the encodings', () => {
  it.each([
    [0, '80'],
    [1, 'c102'],
    [100, 'c202'],
    [123, 'c20218'],
    [-1, '3e6466'],
    [-12.5, '3e593366'],
    [0.01, 'c002'],
    [1_234_567, 'c40218 2e44'.replaceAll(' ', '')],
  ])('write the NUMBER %d as %s', (value, hex) => {
    expect(encodeNumber(value).toString('hex')).toBe(hex)
  })

  it('write integers with their length, and long texts in chunks', () => {
    expect([0, 1, 255, 256, 65_536].map((value) => ub(value).toString('hex'))).toEqual([
      '00',
      '0101',
      '01ff',
      '020100',
      '03010000',
    ])
    expect(clr(null).toString('hex')).toBe('00')
    expect(clr(Buffer.from('ab')).toString('hex')).toBe('026162')
    expect([...clr(Buffer.alloc(253)).subarray(0, 3)]).toEqual([0xfe, 1, 253])
  })

  it('write an error of SQL Server as MS-TDS has it', () => {
    const token = errorToken({ number: 18456, state: 1, class: 14, message: 'No' })
    expect(token.toString('hex')).toMatch(/^aa[0-9a-f]{4}18480000010e02004e006f00/)
  })
})

describe('random bytes', () => {
  const survives = async (port: number, content: Uint8Array): Promise<void> => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined)
    await once(socket, 'connect')
    socket.end(content)
    await once(socket, 'close')
  }

  it('kill neither stand-in', async () => {
    const anything = fc.uint8Array({ minLength: 1, maxLength: 300 })
    await fc.assert(
      fc.asyncProperty(anything, async (content) => {
        await survives(sqlServer.port, content)
        await survives(oracleServer.port, content)
      }),
      { numRuns: propertyRuns(60) },
    )
    await expect.poll(() => [sqlServer.seen.open, oracleServer.seen.open]).toEqual([0, 0])
  })
})
