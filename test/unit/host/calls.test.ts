import { MessageChannel } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { answerCalls, callsInto } from '../../../infra/host/calls.ts'

let channel: MessageChannel
beforeEach(() => {
  channel = new MessageChannel()
})
afterEach(() => channel.port1.close())

describe('calls into a thread', () => {
  it('resolve with what it gave, each with its own', async () => {
    answerCalls(channel.port2, async (text) => Array.from({ length: Number(text) }, () => `of ${text}`))
    const { call } = callsInto(channel.port1)
    expect(await Promise.all([call('2'), call('0'), call('1')])).toEqual([['of 2', 'of 2'], [], ['of 1']])
  })

  it('of one turn travel in one message, a full parcel at once', async () => {
    let messages = 0
    channel.port2.on('message', () => (messages += 1))
    answerCalls(channel.port2, async () => [])
    const { call } = callsInto(channel.port1)
    await Promise.all(Array.from({ length: 150 }, (_, index) => call(String(index))))
    expect(messages).toBe(3)
  })

  it('reject with what it failed at', async () => {
    answerCalls(channel.port2, async (text) => {
      throw new Error(`cannot ${text}`)
    })
    await expect(callsInto(channel.port1).call('fly')).rejects.toThrow('cannot fly')
  })

  it('that are open when it is gone reject', async () => {
    const { call, abandon } = callsInto(channel.port1)
    const open = call('anybody?')
    abandon()
    await expect(open).rejects.toThrow('gone')
  })
})
