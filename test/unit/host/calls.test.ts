import { MessageChannel } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { callsOver } from '../../../infra/host/calls.ts'

let channel: MessageChannel
beforeEach(() => {
  channel = new MessageChannel()
})
afterEach(() => channel.port1.close())

const nothing = async (): Promise<void> => undefined

describe('calls between threads', () => {
  it('are dealt with by the other side, in both directions', async () => {
    const heard: string[] = []
    const hearing = (side: string) => async (text: string) => void heard.push(`${side} ${text}`)
    const left = callsOver(channel.port1, hearing('left'))
    const right = callsOver(channel.port2, hearing('right'))
    await Promise.all([left.call('a'), right.call('b'), left.call('c')])
    expect(heard.sort()).toEqual(['left b', 'right a', 'right c'])
  })

  it('of one turn travel in one message, a full parcel at once', async () => {
    let messages = 0
    channel.port2.on('message', () => (messages += 1))
    callsOver(channel.port2, nothing)
    const { call } = callsOver(channel.port1, nothing)
    await Promise.all(Array.from({ length: 150 }, (_, index) => call(String(index))))
    expect(messages).toBe(3)
  })

  it('reject with what the other side failed at', async () => {
    callsOver(channel.port2, async (text) => {
      throw new Error(`cannot ${text}`)
    })
    const { call } = callsOver(channel.port1, nothing)
    await expect(call('fly')).rejects.toThrow('cannot fly')
  })

  it('that are open when the other thread is gone reject', async () => {
    const { call, abandon } = callsOver(channel.port1, nothing)
    const open = call('anybody?')
    abandon()
    await expect(open).rejects.toThrow('gone')
  })
})
