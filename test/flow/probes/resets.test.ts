import { once } from 'node:events'
import { type Server, type Socket, connect, createServer } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Reach } from '../../../shared/checks/framework/answer.ts'
import { openDatabase } from '../../../shared/flows/prechecks/ask-database.ts'
import { InstanceDefinition } from '../../../shared/model/instance.ts'
import { renderRetry } from '../../../shared/model/retry.ts'
import { realProbes } from '../../../shared/runtime/probes.ts'
import { steadyClock } from '../../../shared/runtime/steady-clock.ts'
import { demoPassword } from '../../demo/scenes.ts'
import { type StandInEngine, type StandIns, startStandIns } from '../../support/stand-ins.ts'

/** When a connection is reset: as soon as it is there, or when the server has sent so many times; null: never. */
type Reset = number | null

/** A relay that resets connections, each as it is told; those that come later as the last one. */
const startRelay = async (upstreamPort: () => number) => {
  let plan: readonly Reset[] = [null]
  const sockets = new Set<Socket>()
  let connections = 0
  const server: Server = createServer((client) => {
    const reset = plan[Math.min(connections, plan.length - 1)] ?? null
    connections += 1
    const upstream = connect(upstreamPort(), '127.0.0.1')
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => sockets.delete(socket))
    }
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.end())
    let sent = 0
    const resetIfDue = (): boolean => {
      if (reset === null || sent < reset || client.destroyed) return false
      client.resetAndDestroy()
      return true
    }
    // The client has connected and may have sent something by then.
    if (reset === 0) setImmediate(resetIfDue)
    client.on('data', (chunk) => upstream.write(chunk))
    upstream.on('data', (chunk) => {
      if (resetIfDue()) return
      sent += 1
      client.write(chunk, () => void resetIfDue())
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    connections: () => connections,
    resets: (next: readonly Reset[]) => {
      plan = next
      connections = 0
    },
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

const limitMs = 20_000
const probes = realProbes(null)

let standIns: StandIns
beforeAll(async () => {
  standIns = await startStandIns()
})
afterAll(() => standIns.close())

const engines: readonly StandInEngine[] = ['mysql', 'sqlserver', 'oracle']
const portOf = (engine: StandInEngine): number =>
  ({ mysql: standIns.mysql, sqlserver: standIns.sqlServer, oracle: standIns.oracle })[engine].port
const loginsOf = (engine: StandInEngine): number =>
  ({ mysql: standIns.mysql, sqlserver: standIns.sqlServer, oracle: standIns.oracle })[engine].seen.logins
    .length

describe.each(engines)('a connection to %s', (engine) => {
  let relay: Awaited<ReturnType<typeof startRelay>>
  let loginsBefore = 0
  beforeAll(async () => {
    relay = await startRelay(() => portOf(engine))
  })
  afterAll(() => relay.close())
  afterEach(() => standIns.fix())

  const open = async (resets: readonly Reset[]) => {
    relay.resets(resets)
    loginsBefore = loginsOf(engine)
    const given = standIns.definitionOf(engine, 'env:PRECHECK_SECRET_DB')
    const definition = InstanceDefinition.parse({
      ...given,
      connection: { ...given.connection, port: relay.port },
    })
    const secrets = { resolve: async () => ({ value: demoPassword }) }
    const login = await openDatabase({ probes, secrets, steady: steadyClock }, definition, limitMs)
    if ('session' in login) await login.session.close()
    return {
      code: 'problem' in login ? login.problem.code : 'in',
      retried: login.retried?.code,
      connections: relay.connections(),
      logins: loginsOf(engine) - loginsBefore,
    }
  }

  it('that is reset before the server has said anything is made once more, and that is said', async () => {
    expect(await open([0, null])).toEqual({
      code: 'in',
      retried: 'SECOND_ANSWERED',
      connections: 2,
      logins: 1,
    })
  })

  it('is made twice at most', async () => {
    expect(await open([0, 0, null])).toEqual({
      code: expect.stringMatching(/^(LOGIN_INTERRUPTED|CONNECTION_LOST)$/),
      retried: 'SECOND_FAILED',
      connections: 2,
      logins: 0,
    })
  })

  it('that is not reset is made once, and nothing is said', async () => {
    expect(await open([null])).toEqual({ code: 'in', retried: undefined, connections: 1, logins: 1 })
  })

  it('that is reset later is not made again: a password may have been sent', async () => {
    for (let sent = 1; sent <= 8; sent += 1) {
      const { connections, retried, logins } = await open([sent, null])
      expect([sent, connections, retried]).toEqual([sent, 1, undefined])
      expect(logins).toBeLessThanOrEqual(1)
    }
  })

  it('whose login is refused is not made again', async () => {
    standIns.refuseLogins()
    expect(await open([null])).toMatchObject({ connections: 1, retried: undefined, logins: 1 })
  })
})

describe('a connection to an HTTPS endpoint', () => {
  let relay: Awaited<ReturnType<typeof startRelay>>
  let ca = ''
  beforeAll(async () => {
    const { endpoints } = standIns.definitionOf('mysql', 'env:PRECHECK_SECRET_DB')
    ca = endpoints?.ca ?? ''
    relay = await startRelay(() => Number(new URL(endpoints?.oss ?? '').port))
  })
  afterAll(() => relay.close())

  const reach = async (resets: readonly Reset[]) => {
    relay.resets(resets)
    const url = `https://localhost:${relay.port}/`
    const outcome = await probes.https({ urls: [url], ca, limitMs })
    const [reached] = 'answer' in outcome ? (outcome.answer as readonly Reach[]) : []
    return {
      status: reached?.status,
      retried: outcome.retried?.code,
      text: outcome.retried && renderRetry(outcome.retried, 'en'),
      connections: relay.connections(),
    }
  }

  it.each([
    ['at once', 0],
    ['in the handshake', 1],
  ])('that is reset %s is made once more, and that is said', async (_, reset) => {
    expect(await reach([reset, null])).toEqual({
      status: 403,
      retried: 'SECOND_ANSWERED',
      text: `The first connection to localhost:${relay.port} was reset; the second answered.`,
      connections: 2,
    })
  })

  it('is made twice at most', async () => {
    expect(await reach([0, 0, null])).toMatchObject({
      status: null,
      retried: 'SECOND_FAILED',
      text: `The first connection to localhost:${relay.port} was reset; this is what came of the second.`,
      connections: 2,
    })
  })

  it('that is not reset is made once', async () => {
    expect(await reach([null])).toEqual({ status: 403, retried: undefined, text: undefined, connections: 1 })
  })
})
