import { setImmediate as nextTurn } from 'node:timers/promises'
import { MessageChannel } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type LostCall, type Reply, answerCalls, callsInto } from '../../../infra/host/calls.ts'

const reply = (body: string): Reply => ({ queue: 'results', body, delaySeconds: 0 })

const kept = () => {
  const replies: Reply[] = []
  return { replies, take: async (one: Reply) => void replies.push(one) }
}

const withResolvers = () => {
  let resolve: () => void = () => undefined
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

let channel: MessageChannel
beforeEach(() => {
  channel = new MessageChannel()
})
afterEach(() => channel.port1.close())

describe('calls into a thread', () => {
  it('hand in what it gives, each its own', async () => {
    answerCalls(channel.port2, async (_, text, { give }) => {
      for (let count = 0; count < Number(text); count += 1) give(reply(`of ${text}`))
    })
    const { call } = callsInto(channel.port1)
    const taken = new Map([
      ['2', kept()],
      ['0', kept()],
      ['1', kept()],
    ])
    await Promise.all([...taken].map(([text, { take }]) => call(text, take)))
    expect([...taken.values()].map(({ replies }) => replies.map(({ body }) => body))).toEqual([
      ['of 2', 'of 2'],
      [],
      ['of 1'],
    ])
  })

  it('of one turn travel in one message, a full parcel at once', async () => {
    let messages = 0
    channel.port2.on('message', () => (messages += 1))
    answerCalls(channel.port2, async () => undefined)
    const { call } = callsInto(channel.port1)
    await Promise.all(Array.from({ length: 150 }, (_, index) => call(String(index), kept().take)))
    expect(messages).toBe(3)
  })

  it('that give way go on although others keep coming', async () => {
    const order: string[] = []
    let hear: (asked: { readonly ids: number[]; readonly texts: string[] }) => void = () => undefined
    const port = {
      on: (_event: string, listener: typeof hear) => (hear = listener),
      // Every full parcel brings another call before the turn is over.
      postMessage: () => order.length < 20 && hear({ ids: [order.length + 2], texts: ['next'] }),
    }
    answerCalls(port as never, async (_id, text, { give }) => {
      if (text === 'first') await nextTurn()
      order.push(text)
      for (let count = 0; count < 64; count += 1) give(reply(text))
    })
    hear({ ids: [1], texts: ['first'] })
    hear({ ids: [2], texts: ['next'] })
    await expect.poll(() => order.length).toBeGreaterThan(19)
    expect(order.slice(0, 3)).toContain('first')
  })

  it('give their replies in full parcels while they go on', async () => {
    const sizes: number[] = []
    channel.port1.on('message', ({ ids }: { readonly ids: readonly number[] }) => sizes.push(ids.length))
    answerCalls(channel.port2, async (_id, _text, { give }) => {
      for (let count = 0; count < 150; count += 1) give(reply(String(count)))
    })
    const { take, replies } = kept()
    await callsInto(channel.port1).call('', take)
    expect(replies).toHaveLength(150)
    expect(sizes).toEqual([64, 64, 23])
  })

  it('reject with what it failed at', async () => {
    answerCalls(channel.port2, async (_, text, { give }) => {
      give(reply('begun'))
      throw new Error(`cannot ${text}`)
    })
    await expect(callsInto(channel.port1).call('fly', kept().take)).rejects.toThrow('cannot fly')
  })

  it('hand in what is known before the call has ended', async () => {
    const gate = withResolvers()
    answerCalls(channel.port2, async (_id, _text, { give }) => {
      give(reply('first'))
      await gate.promise
      give(reply('second'))
    })
    const { take, replies } = kept()
    const ended = callsInto(channel.port1).call('', take)
    await expect.poll(() => replies.map(({ body }) => body)).toEqual(['first'])
    gate.resolve()
    await ended
    expect(replies.map(({ body }) => body)).toEqual(['first', 'second'])
  })

  it('reject if a reply could not be taken care of, and never before the others are', async () => {
    answerCalls(channel.port2, async (_id, _text, { give }) => {
      give(reply('good'))
      give(reply('bad'))
    })
    const { call } = callsInto(channel.port1)
    const taking = call('', ({ body }) =>
      body === 'bad' ? Promise.reject(new Error('disk full')) : Promise.resolve(),
    )
    await expect(taking).rejects.toThrow('disk full')
  })

  it('reject for a reply that could not be taken care of when they end, and disturb nothing before that', async () => {
    const unheard: unknown[] = []
    const hear = (cause: unknown) => unheard.push(cause)
    process.on('unhandledRejection', hear)
    const gate = withResolvers()
    answerCalls(channel.port2, async (_id, _text, { give }) => {
      give(reply('bad'))
      await gate.promise
      give(reply('good'))
    })
    const { take, replies } = kept()
    const taking = callsInto(channel.port1).call('', async (one) => {
      await take(one)
      if (one.body === 'bad') throw new Error('disk full')
    })
    await expect.poll(() => replies).toHaveLength(1)
    // A rejection that nobody hears is told at the end of the turn in which it came.
    await new Promise((resolve) => setImmediate(resolve))
    gate.resolve()
    await expect(taking).rejects.toThrow('disk full')
    process.off('unhandledRejection', hear)
    expect([replies.map(({ body }) => body), unheard]).toEqual([['bad', 'good'], []])
  })

  it('that are open when it is gone reject', async () => {
    const { call, abandon } = callsInto(channel.port1)
    const open = call('anybody?', kept().take)
    abandon(() => new Error('the thread is gone'))
    await expect(open).rejects.toThrow('gone')
  })

  it('that are lost say what they were, and whether a password may have been sent for them', async () => {
    answerCalls(channel.port2, async (_, text, { give, logsIn }) => {
      if (text === 'logs in') logsIn()
      give(reply(text))
      await new Promise(() => undefined)
    })
    const { call, abandon } = callsInto(channel.port1)
    const { take, replies } = kept()
    const calls = ['logs in', 'tries endpoints'].map((text) => call(text, take))
    await expect.poll(() => replies).toHaveLength(2)
    const lost: LostCall[] = []
    abandon((each) => {
      lost.push(each)
      return new Error('gone')
    })
    await Promise.all(calls.map((each) => expect(each).rejects.toThrow('gone')))
    expect(lost).toEqual([
      { id: 1, text: 'logs in', hasLoggedIn: true },
      { id: 2, text: 'tries endpoints', hasLoggedIn: false },
    ])
  })

  it('count those that are open for the thread', async () => {
    const counts: number[] = []
    answerCalls(
      channel.port2,
      async () => undefined,
      (open) => counts.push(open),
    )
    const { call } = callsInto(channel.port1)
    await Promise.all(['1', '2'].map((text) => call(text, kept().take)))
    expect(counts).toEqual([2, 1, 0])
  })
})
