import { once } from 'node:events'
import { Agent, type IncomingMessage, createServer, request as send } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import { passedOn } from '../../../shared/runtime/custom-http.ts'
import { type ServedFunction, customRuntime, maxEventBytes } from '../../../shared/runtime/custom-runtime.ts'
import type { FcContext } from '../../../shared/runtime/fc-event.ts'
import { maxBodyBytes } from '../../../shared/runtime/http.ts'
import { type Gate, gate } from '../../support/gate.ts'

interface Call {
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

/** What a custom runtime that serves a function writes and answers. */
const start = async (served: ServedFunction) => {
  const lines: string[] = []
  const { server, stop } = customRuntime(served, createServer, (line) => lines.push(line))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const agent = new Agent({ keepAlive: true })
  const call = async ({ method = 'POST', path, headers = {}, body = '' }: Call) => {
    const sent = {
      'x-fc-request-id': 'r',
      'content-length': String(Buffer.byteLength(body)),
      ...headers,
    }
    const request = send({ port, path, method, agent, headers: sent })
    request.end(body)
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    const { statusCode, headers: answered } = response
    return { status: statusCode, headers: answered, body: (await buffer(response)).toString() }
  }
  running.push(async () => {
    agent.destroy()
    server.closeAllConnections()
    await stop()
  })
  return { call, stop, lines }
}

const running: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of running.splice(0)) await end()
})

/** A function that notes what it is called with, and waits where a gate is shut. */
const noting = () => {
  const events: string[] = []
  const contexts: FcContext[] = []
  let entrance: Gate | undefined
  const invoke = async (event: Uint8Array, context: FcContext): Promise<unknown> => {
    events.push(Buffer.from(event).toString())
    contexts.push(context)
    await entrance?.opened
    if (events.at(-1) === 'poison') throw new RangeError('cannot digest this')
    return { answered: true }
  }
  const shut = () => (entrance = gate())
  return { events, contexts, invoke, shut }
}

const fromOutside = { 'x-fc-control-path': '/http-invoke' }

describe('an event', () => {
  it('comes with the keys of its request, and is answered with what the handler returned', async () => {
    const { invoke, events, contexts } = noting()
    const { call, lines } = await start({ invoke })
    const keys = {
      'x-fc-access-key-id': 'STS.1',
      'x-fc-access-key-secret': 'secret',
      'x-fc-security-token': 'token',
    }
    const answer = await call({ path: '/invoke', headers: keys, body: '{"a":1}' })
    expect(answer).toMatchObject({
      status: 200,
      headers: { 'x-fc-status': '200' },
      body: '{"answered":true}',
    })
    expect(events).toEqual(['{"a":1}'])
    expect(contexts).toEqual([
      {
        requestId: 'r',
        credentials: { accessKeyId: 'STS.1', accessKeySecret: 'secret', securityToken: 'token' },
      },
    ])
    expect(lines).toEqual(['FC Invoke Start RequestId: r\n', 'FC Invoke End RequestId: r\n'])
  })

  it('that the handler fails at is told as failed, so that the platform tries again', async () => {
    const { call } = await start(noting())
    expect(await call({ path: '/invoke', body: 'poison' })).toMatchObject({
      status: 404,
      headers: { 'x-fc-status': '404' },
      body: '{"errorType":"RangeError","errorMessage":"cannot digest this"}',
    })
  })

  it('that is too large is refused, and the next one is not', async () => {
    const { invoke, events } = noting()
    const { call } = await start({ invoke })
    const tooLarge = await call({ path: '/invoke', body: Buffer.alloc(maxEventBytes + 1, 'x') })
    expect([tooLarge.status, tooLarge.headers['x-fc-status']]).toEqual([404, '404'])
    expect((await call({ path: '/invoke', body: Buffer.alloc(maxEventBytes, 'x') })).status).toBe(200)
    expect(events.map(({ length }) => length)).toEqual([maxEventBytes])
  })

  it('waits for no other one', async () => {
    const { invoke, events, shut } = noting()
    const { call } = await start({ invoke })
    const shutGate = shut()
    const both = [call({ path: '/invoke', body: 'a' }), call({ path: '/invoke', body: 'b' })]
    await expect.poll(() => events.toSorted()).toEqual(['a', 'b'])
    shutGate.open()
    expect((await Promise.all(both)).map(({ status }) => status)).toEqual([200, 200])
  })
})

describe('a request of an HTTP trigger', () => {
  const seen: unknown[] = []
  const request = passedOn(async (delivered) => {
    if (delivered instanceof Uint8Array) throw new Error('an event')
    const { method, path, query, headers, address, requestId } = delivered
    seen.push({ method, path, query, headers: Object.keys(headers), address, requestId })
    const body = await delivered.readBody()
    return { statusCode: 201, headers: { 'x-own': 'a' }, isBase64Encoded: false, body: JSON.stringify(body) }
  })
  afterEach(() => seen.splice(0))

  it('comes as it was sent, whatever its path, without what the platform adds', async () => {
    const { invoke, events } = noting()
    const { call } = await start({ invoke, request })
    for (const [method, path] of [
      ['POST', '/invoke'],
      ['POST', '/initialize'],
      ['GET', '/pre-stop'],
    ] as const) {
      const headers = { ...fromOutside, 'x-fc-security-token': 'secret', 'x-fc-client-ip': '192.0.2.1' }
      const answer = await call({ method, path: `${path}?x=1&x=2`, headers, body: 'text' })
      expect(answer).toMatchObject({ status: 201, headers: { 'x-own': 'a' }, body: '{"text":"text"}' })
      expect(seen.splice(0)).toEqual([
        {
          method,
          path,
          query: { x: '1,2' },
          headers: expect.not.arrayContaining([expect.stringMatching(/^x-fc-/)]),
          address: '192.0.2.1',
          requestId: 'r',
        },
      ])
    }
    expect(events).toEqual([])
  })

  it('with a body that is too large is answered, and the next one too', async () => {
    const { call } = await start({ ...noting(), request })
    const body = Buffer.alloc(maxBodyBytes * 3, 'x')
    const tooLarge = await call({ path: '/', headers: fromOutside, body })
    expect(tooLarge.body).toBe('{"unread":"too-large"}')
    expect((await call({ path: '/', headers: fromOutside, body: 'a' })).body).toBe('{"text":"a"}')
  })

  it('is refused by a function that takes events alone', async () => {
    const { invoke, events } = noting()
    const { call } = await start({ invoke })
    expect((await call({ path: '/invoke', headers: fromOutside })).status).toBe(404)
    expect(events).toEqual([])
  })
})

describe('the end of an instance', () => {
  it('is asked for by a hook, which waits for what is under way and refuses nothing', async () => {
    const { invoke, events, shut } = noting()
    const { call } = await start({ invoke })
    const shutGate = shut()
    const working = call({ path: '/invoke', body: 'a' })
    await expect.poll(() => events).toEqual(['a'])
    const order: string[] = []
    const hook = call({ method: 'GET', path: '/pre-stop' }).then(({ status }) => order.push(`hook ${status}`))
    const done = working.then(() => order.push('work'))
    // Once this has its answer, the hook has come in before it.
    expect((await call({ path: '/initialize' })).status).toBe(200)
    expect(order).toEqual([])
    shutGate.open()
    await Promise.all([done, hook])
    expect(order).toEqual(['work', 'hook 200'])
    expect((await call({ path: '/invoke', body: 'b' })).status).toBe(200)
  })

  it('lets what has begun come to its end, and takes nothing new', async () => {
    const { invoke, events, shut } = noting()
    const { call, stop } = await start({ invoke })
    const shutGate = shut()
    const working = call({ path: '/invoke', body: 'a' })
    await expect.poll(() => events).toEqual(['a'])
    const stopped = stop()
    await expect(call({ path: '/invoke', body: 'b' })).rejects.toThrow('ECONNREFUSED')
    shutGate.open()
    expect((await working).status).toBe(200)
    await stopped
    expect(events).toEqual(['a'])
  })
})
