import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type Socket, createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { stringify } from 'yaml'
import { defaultLimits } from '../../infra/cli/service/client.ts'
import { demoPassword, oracleScene, sqlServerScene } from '../demo/scenes.ts'
import { type HttpsEndpoint, startHttpsEndpoint } from '../emulators/https-endpoint.ts'
import { type OracleStandIn, startOracle } from '../emulators/oracle/server.ts'
import { type SqlServerStandIn, startSqlServer } from '../emulators/sqlserver/server.ts'
import type { AnswerJson } from '../support/answer-json.ts'
import { type Certificates, makeCertificates } from '../support/certificates.ts'
import { inTime } from '../support/in-time.ts'
import { precheckAt } from '../support/command-line.ts'
import { type HostProcess, runProgram, startHostProcess } from '../support/processes.ts'
import { ask } from '../support/service.ts'

/** For a loaded machine: every test starts programs. */
vi.setConfig({ testTimeout: 60_000 })

let folder: string
let certificates: Certificates
let endpoint: HttpsEndpoint
let sqlServer: SqlServerStandIn
let oracle: OracleStandIn
let host: HostProcess

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'precheck-cli-'))
  certificates = await makeCertificates()
  endpoint = await startHttpsEndpoint(certificates)
  sqlServer = await startSqlServer({ ...sqlServerScene(certificates), tls: 'required' })
  oracle = await startOracle(oracleScene)
  host = await startHostProcess(folder, {
    PRECHECK_SECRET_DEMO: demoPassword,
    PRECHECK_SECRET_WRONG: 'something else',
  })
})
afterAll(async () => {
  await host.kill('SIGTERM')
  await Promise.all([endpoint.close(), sqlServer.close(), oracle.close()])
  rmSync(folder, { recursive: true })
})

/** Runs a command line in this process; what is wrong stands after the results. */
const commandLine = async (url: string, token: string, args: readonly string[]) => {
  const { code, output, errors } = await precheckAt(url, args, defaultLimits, {
    environment: { PRECHECK_TOKEN: token },
  })
  return { code, output: output + errors }
}
const precheckOn = ({ url, token }: HostProcess, ...args: string[]) => commandLine(url, token, args)
const precheck = (...args: string[]) => precheckOn(host, ...args)

/** Runs the program as a user does, in a process of its own. */
const program = (args: readonly string[], environment: NodeJS.ProcessEnv) =>
  runProgram('dist/precheck/index.mjs', args, environment)

/** What `--output json` prints. */
const reportOf = (output: string) => JSON.parse(output) as AnswerJson

/** Writes the file of an instance as a user would. */
const file = (
  name: string,
  engine: 'oracle' | 'sqlserver',
  connection: Readonly<Record<string, unknown>>,
): string => {
  const path = join(folder, `${name}.yaml`)
  const credential = { username: 'precheck', password: 'env:PRECHECK_SECRET_DEMO' }
  const definition = {
    engine,
    region: 'cn-hangzhou',
    connection: { host: '127.0.0.1', credential, ...connection },
    endpoints: { oss: endpoint.url, service: [endpoint.url], ca: certificates.ca },
  }
  writeFileSync(path, stringify(definition))
  return path
}

const trusting = () => ({ tls: { mode: 'required', ca: certificates.ca, serverName: 'localhost' } })

describe('precheck run --file', () => {
  it('reports what is wrong and how to fix it, and exits with 2', async () => {
    const { code, output } = await precheck(
      'run',
      '--file',
      file('own', 'sqlserver', { port: sqlServer.port, ...trusting() }),
    )
    expect(output).toContain('ALTER DATABASE [Archive2019] SET ONLINE;')
    expect(output).toMatch(/Outcome: FAILED/)
    expect(code).toBe(2)
    expect(output).not.toContain('\u001B[')
    expect(output).not.toContain(demoPassword)
  })

  it('prints JSON alone where that is asked for', async () => {
    const path = file('own-oracle', 'oracle', { port: oracle.port, serviceName: 'orclcdb' })
    const { code, output } = await precheck('run', '-f', path, '--output', 'json')
    expect([code, reportOf(output).outcome]).toEqual([2, 'failed'])
  })

  it.each([
    ['a port where nothing listens', () => ({ port: 1 }), 'CONNECTION_REFUSED', /nothing listens/],
    [
      'a wrong password',
      () => ({
        port: sqlServer.port,
        ...trusting(),
        credential: { username: 'precheck', password: 'env:PRECHECK_SECRET_WRONG' },
      }),
      'LOGIN_FAILED',
      /wrong user name or password/,
    ],
    [
      'a server that insists on TLS',
      () => ({ port: sqlServer.port, tls: { mode: 'off' } }),
      'TLS_REQUIRED',
      /Set tls.mode to "required"/,
    ],
    [
      'a password that is not there',
      () => ({
        port: sqlServer.port,
        credential: { username: 'precheck', password: 'env:PRECHECK_SECRET_NOT_THERE' },
      }),
      'SECRET_UNAVAILABLE',
      /env:PRECHECK_SECRET_NOT_THERE/,
    ],
  ] as const)('ends as inconclusive for %s, and says what to do', async (what, connection, reason, text) => {
    const path = file(`bad-${what.replaceAll(' ', '-')}`, 'sqlserver', connection())
    const { code, output } = await precheck('run', '--file', path)
    expect(output).toMatch(text)
    expect([code, /Outcome: INCONCLUSIVE/.test(output)]).toEqual([3, true])
    const last = await precheck('last', `bad-${what.replaceAll(' ', '-')}`, '--output', 'json')
    expect(JSON.stringify(JSON.parse(last.output))).toContain(reason)
    expect(last.code).toBe(3)
  })

  it('gives a port that accepts and says nothing up at its limit', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const address = silent.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const hasty = await startHostProcess(join(folder, 'hasty'), {
      PRECHECK_SECRET_DEMO: demoPassword,
      PRECHECK_ITEM_SECONDS: '5',
    })
    const path = file('silent', 'sqlserver', { port })
    const { code, output } = await inTime(20_000, precheckOn(hasty, 'run', '--file', path))
    expect(output).toMatch(/timed_out.*SQL_SERVER_DB_NOT_ONLINE/)
    expect(output).toMatch(/sent nothing for/)
    expect(code).toBe(3)
    await hasty.kill('SIGTERM')
    silent.close()
  })
})

/** The day that is so many days ahead, UTC. */
const dayAhead = (days: number): string =>
  new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 'yyyy-mm-dd'.length)

/** Registers the SQL Server and the Oracle, of which the one is in maintenance. */
const registerFleet = async (): Promise<void> => {
  const credential = { username: 'precheck', password: 'env:PRECHECK_SECRET_DEMO' }
  const shared = {
    region: 'cn-hangzhou',
    endpoints: { oss: endpoint.url, service: [endpoint.url], ca: certificates.ca },
    tags: { team: 'orders', site: 'a:b' },
  }
  const connection = { host: '127.0.0.1', credential }
  const until = new Date(Date.now() + 3_600_000).toISOString()
  const definitions = {
    'fleet-oracle': {
      engine: 'oracle',
      ...shared,
      connection: { ...connection, port: oracle.port, serviceName: 'orclcdb' },
    },
    'fleet-sqlserver': {
      engine: 'sqlserver',
      ...shared,
      connection: { ...connection, port: sqlServer.port, ...trusting() },
      maintenanceWindows: [{ reason: 'patch day', from: '2026-01-01T00:00:00Z', until }],
    },
  }
  for (const [id, body] of Object.entries(definitions)) {
    const { status, text } = await ask(host, 'PUT', `/v1/instances/${id}`, { body })
    if (status !== 201) throw new Error(text)
  }
}

describe('precheck sweep', () => {
  beforeAll(registerFleet)

  it('follows a sweep, says which instances failed or were not run and why, and exits with the worst', async () => {
    const { code, output } = await precheck('sweep', '--tag', 'team:orders', '--tag', 'site:a:b')
    expect(output).toMatch(/Sweep 20\S+ starts within a minute\.\n(… .*\n)*… 1 failed, 1 not run\n/)
    expect(output).toMatch(/✘ failed +fleet-oracle\n +✘ ARCHIVELOG: 1 finding\n/)
    expect(output).toMatch(
      /- not run +fleet-sqlserver\n +The instance is in a maintenance window until .*: patch day\n/,
    )
    expect(output).toMatch(/Outcome: FAILED {2}1 failed, 1 not run\n$/)
    expect(code).toBe(2)
  })

  it('prints JSON alone where that is asked for', async () => {
    const filter = ['--engine', 'oracle', '--tag', 'team:orders']
    const { code, output } = await precheck('sweep', ...filter, '--output', 'json')
    expect(code).toBe(2)
    expect(JSON.parse(output)).toMatchObject({
      state: 'completed',
      filter: { engine: 'oracle', tags: { team: 'orders' } },
      counts: { started: 1, failed: 1 },
      entries: { items: [{ instanceId: 'fleet-oracle', status: 'failed' }] },
    })
  })

  it('that finds nothing is inconclusive', async () => {
    const { code, output } = await precheck('sweep', '--region', 'cn-beijing')
    expect(output).toMatch(/Outcome: INCONCLUSIVE {2}no enabled instance matches/)
    expect(code).toBe(3)
  })
})

describe('the other commands', () => {
  it('list the instances and follow a running precheck', async () => {
    const { output, code } = await precheck('instances')
    expect([code, output.includes('own ')]).toEqual([0, true])
    const { output: last } = await precheck('last', 'own', '--output', 'json')
    const followed = await precheck('watch', reportOf(last).id)
    expect([followed.code, /Outcome: FAILED/.test(followed.output)]).toEqual([2, true])
  })

  it('acknowledge a finding, in the name of the user of the system', async () => {
    const { output: before } = await precheck('last', 'own', '--output', 'json')
    const words = ['SQL_SERVER_DB_NOT_ONLINE', '--reason', 'moves', '--output', 'json']
    const made = await precheck('acknowledge', 'own', ...words, '--until', dayAhead(30))
    expect(made.code).toBe(0)
    expect(JSON.parse(made.output)).toMatchObject({
      checkItem: 'SQL_SERVER_DB_NOT_ONLINE',
      author: userInfo().username,
      expiresAt: `${dayAhead(30)}T00:00:00.000Z`,
    })
    const { output } = await precheck('run', 'own')
    expect(output).toMatch(/warning +SQL_SERVER_DB_NOT_ONLINE/)
    expect(output).toContain(`acknowledged by ${userInfo().username} until ${dayAhead(30)} 00:00 UTC`)
    expect(output).toContain(`Against the last result  ${reportOf(before).id}, failed`)
    expect(output).toContain(', now acknowledged)')
  })

  it.each([
    [
      ['acknowledge', 'own', 'ARCHIVELOG', '--reason', 'x', '--until', dayAhead(1)],
      /not a check item of sqls/,
    ],
    [['acknowledge', 'own', 'ARCHIVELOG', '--reason', '', '--until', dayAhead(1)], /--reason: /],
    [['run', 'no-such-instance'], /No instance is registered as no-such-instance.*precheck instances/],
    [['run', '--file', '/no/such/file.yaml'], /file\.yaml cannot be read/],
    [['last', 'no-such-instance'], /No instance is registered as no-such-instance.*precheck instances/],
    [['watch', 'pc_0'], /does not accept these values/],
    [['sweep', '--engine', 'no-such-engine'], /--engine: /],
    [['sweep', 'orders'], /Too many arguments for 'sweep'/],
    [['acknowledge', 'own'], /Required option '--reason <text>' not specified/],
    [['dnace'], /Unknown command 'dnace'/],
    [['instances', '--outptu', 'json'], /Did you mean --output/],
  ])('explain %j and exit with 3', async (args, text) => {
    const { code, output } = await precheck(...args)
    expect(output).toMatch(text)
    expect([code, output.includes('    at ')]).toEqual([3, false])
  })

  it('say that a token is not one of the service, and what to do', async () => {
    const { code, output } = await commandLine(host.url, 'guessed', ['instances'])
    expect(output).toMatch(/^The service does not accept the token\. Set PRECHECK_TOKEN .*\n$/)
    expect(code).toBe(3)
  })

  it.each([
    [['--help'], /^Usage: precheck /],
    [['run', '--help'], /^Usage: precheck run /],
    [['--version'], /^\d+\.\d+\.\d+\n$/],
  ])('answer %j without a service', async (args, text) => {
    const { code, output } = await program(args, {})
    expect(output).toMatch(text)
    expect(code).toBe(0)
  })

  it('name every field of a file that is not valid', async () => {
    const path = join(folder, 'broken.yaml')
    writeFileSync(path, 'engine: sqlserver\nregion: Hangzhou\nconnection: { host: db1, colour: red }\n')
    const { code, output } = await precheck('run', '--file', path)
    expect(code).toBe(3)
    expect(output).toMatch(/region: must be a region id/)
    expect(output).toMatch(/connection.colour: unknown field/)
  })
})

describe('a precheck that cannot run', () => {
  /** Runs a command line against a server that does this with every connection. */
  const against = async (
    serve: (socket: Socket) => void,
    args: readonly string[],
  ): Promise<{ readonly code: number | null; readonly output: string }> => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      serve(socket)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    try {
      return await commandLine(`http://127.0.0.1:${port}`, 'x', args)
    } finally {
      server.close()
    }
  }

  it.each([
    [
      'the page of a proxy',
      (socket: Socket) => socket.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 6\r\n\r\n<html>'),
      /\(status 502\)/,
    ],
    [
      'an answer that is not JSON',
      (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>'),
      /is not valid JSON/,
    ],
    [
      'an answer that is interrupted',
      (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 600\r\n\r\n{"items": ['),
      /was interrupted/,
    ],
    ['another protocol', (socket: Socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'), /was interrupted/],
    ['silence', () => undefined, /did not answer within 0\.2 s/, ['--timeout', '0.2']],
  ])('exits with 3 and one sentence for %s', async (_, serve, text, limit: readonly string[] = []) => {
    const { code, output } = await against(serve, ['instances', ...limit])
    expect(output).toMatch(text)
    expect(output.trimEnd().split('\n')).toHaveLength(1)
    expect(code).toBe(3)
  })

  it('exits with 3 where no service answers', async () => {
    const environment = { PRECHECK_URL: 'http://127.0.0.1:1', PRECHECK_TOKEN: 'x' }
    const { code, output } = await program(['instances'], environment)
    expect([code, /No service answers at/.test(output)]).toEqual([3, true])
  })

  it('exits with 3 for a certificate that is not trusted, and says how to trust it', async () => {
    const { code, output } = await commandLine(endpoint.url, 'x', ['instances'])
    expect(output).toMatch(
      /^The certificate of .* is not trusted \([A-Z_]+\)\. Set NODE_EXTRA_CA_CERTS .*\n$/,
    )
    expect(code).toBe(3)
  })

  it.each([
    ['whose reader has gone', false],
    ['whose reader has gone, as that of the errors', true],
  ])('exits with 3 for an output %s', async (_, isDeaf) => {
    const child = spawn(process.execPath, ['dist/precheck/index.mjs', '--help'])
    let errors = ''
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
    child.stdout.destroy()
    if (isDeaf) child.stderr.destroy()
    const [code] = await once(child, 'close')
    expect([code, errors]).toEqual([3, isDeaf ? '' : 'The output could not be written (write EPIPE).\n'])
  })

  it('exits with 3 and one sentence for an exception that nobody expects', async () => {
    const planted =
      'globalThis.fetch = () => new Promise(() => setTimeout(() => { throw new RangeError("planted") }))'
    const { code, output } = await program(['instances'], {
      PRECHECK_URL: host.url,
      PRECHECK_TOKEN: host.token,
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(planted)}`,
    })
    expect(output).toMatch(/^precheck \S+ failed with an internal error, please report it: planted\n$/)
    expect(code).toBe(3)
  })
})

describe('the host', () => {
  it.each(['stdout', 'stderr'] as const)('goes on when the reader of its %s goes away', async (stream) => {
    const data = join(folder, `deaf-${stream}`)
    const child = spawn(process.execPath, ['dist/host/index.mjs'], {
      env: {
        PATH: process.env['PATH'],
        PRECHECK_DATA: data,
        PRECHECK_PORT: '0',
        PRECHECK_LOG_LEVEL: 'debug',
      },
    })
    const ended = once(child, 'close')
    let output = ''
    const url = await new Promise<string>((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString()
        const found = /"event":"host.started","url":"([^"]+)"/.exec(output)?.[1]
        if (found !== undefined) resolve(found)
      })
    })
    child[stream].destroy()
    for (let requests = 0; requests < 20; requests += 1)
      expect((await fetch(`${url}/healthz`)).status).toBe(200)
    child.kill('SIGTERM')
    expect((await ended)[0]).toBe(0)
  })

  it('stops gracefully on SIGTERM', async () => {
    const other = await startHostProcess(join(folder, 'graceful'))
    expect(await other.kill('SIGTERM')).toBe(0)
  })

  it.each([
    ['a setting that is not a number', { PRECHECK_PORT: 'many' }, /PRECHECK_PORT/],
    ['a setting that does not exist', { PRECHECK_COLOUR: 'red' }, /PRECHECK_COLOUR: unknown setting/],
    [
      'a file in the place of its folder',
      { PRECHECK_DATA: 'package.json' },
      /is a file and no folder\..*PRECHECK_DATA/,
    ],
    ['a host that is elsewhere', { PRECHECK_HOST: '192.0.2.1' }, /^PRECHECK_HOST is not an address/],
    ['a folder that another host uses', {}, /in use by another process of this service/],
  ])('does not start with %s, and says why', async (what, settings, text) => {
    const data = what.startsWith('a folder') ? folder : join(folder, 'other')
    const environment = { PRECHECK_DATA: data, PRECHECK_PORT: '0', ...settings }
    const { code, output } = await runProgram('dist/host/index.mjs', [], environment)
    expect(output).toMatch(text)
    expect([code, output.includes('    at ')]).toEqual([78, false])
  })
})
