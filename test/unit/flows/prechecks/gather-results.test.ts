import { describe, expect, it } from 'vitest'
import { gatherResults, holdMs } from '../../../../shared/flows/prechecks/gather-results.ts'
import type { Outgoing } from '../../../../shared/flows/prechecks/outgoing.ts'
import type { CheckMessage, ResultMessage } from '../../../../shared/model/queue-messages.ts'
import { bareResult } from '../../../support/arbitraries.ts'

/** Longer than any test takes. */
const neverMs = 2 ** 30

const result = (checkItem: string, paged = false) => {
  const message = { kind: 'result' as const, precheckId: 'pc_1', result: bareResult(checkItem) }
  return {
    queue: 'results' as const,
    messages: [paged ? { ...message, pages: [{ name: 'p', packed: '' }] } : message],
  }
}

const followers: Outgoing = { queue: 'checks', messages: [], delaySeconds: 0 }

const namesOf = (messages: readonly (ResultMessage | CheckMessage)[]): string[] =>
  messages.flatMap((message) =>
    'result' in message && 'checkItem' in message.result ? message.result.checkItem : [],
  )

async function* failing(): AsyncGenerator<Outgoing> {
  yield* [result('A'), result('B')]
  throw new Error('of another version')
}

const partsOf = async (given: AsyncGenerator<Outgoing>): Promise<(string | string[])[]> => {
  const parts: (string | string[])[] = []
  for await (const { queue, messages } of gatherResults(given, neverMs)) {
    parts.push(queue === 'results' ? namesOf(messages) : queue)
  }
  return parts
}

async function* giving(...all: readonly Outgoing[]): AsyncGenerator<Outgoing> {
  yield* all
}

describe('results that come one right after the other', () => {
  it('are sent together, in their order', async () => {
    expect(await partsOf(giving(result('A'), result('B'), result('C')))).toEqual([['A', 'B', 'C']])
  })

  it('do not overtake what else is sent', async () => {
    const parts = await partsOf(giving(result('A'), result('B'), followers, result('C')))
    expect(parts).toEqual([['A', 'B'], 'checks', ['C']])
  })

  it('are sent by themselves where they have pages', async () => {
    const parts = await partsOf(giving(result('A'), result('B', true), result('C', true), result('D')))
    expect(parts).toEqual([['A'], ['B'], ['C'], ['D']])
  })

  it('are nothing where there are none', async () => {
    expect(await partsOf(giving())).toEqual([])
  })
})

describe('a result', () => {
  it('that is the last one does not wait until the session is closed, and takes those before it along', async () => {
    let close = (): void => undefined
    const closed = new Promise<void>((resolve) => {
      close = resolve
    })
    async function* closing(): AsyncGenerator<Outgoing> {
      yield result('A')
      yield { ...result('B'), isLast: true }
      await closed
    }
    const parts: string[][] = []
    for await (const { messages } of gatherResults(closing(), neverMs)) {
      parts.push(namesOf(messages))
      close()
    }
    expect(parts).toEqual([['A', 'B']])
  })

  it('does not wait for the next one as long as that takes', async () => {
    let answer = (): void => undefined
    const answered = new Promise<void>((resolve) => {
      answer = resolve
    })
    async function* slow(): AsyncGenerator<Outgoing> {
      yield result('A')
      await answered
      yield result('B')
    }
    const parts: string[][] = []
    for await (const { messages } of gatherResults(slow(), holdMs)) {
      parts.push(namesOf(messages))
      answer()
    }
    expect(parts).toEqual([['A'], ['B']])
  })

  it('is sent before the fault that comes after it is thrown', async () => {
    const parts: string[][] = []
    const sending = async () => {
      for await (const { messages } of gatherResults(failing(), neverMs)) {
        parts.push(namesOf(messages))
        await new Promise(setImmediate)
      }
    }
    await expect(sending()).rejects.toThrow('of another version')
    expect(parts).toEqual([['A', 'B']])
  })

  it('that cannot be sent ends what gives it', async () => {
    let isEnded = false
    async function* ending(): AsyncGenerator<Outgoing> {
      try {
        yield* [result('A'), followers, result('B')]
      } finally {
        isEnded = true
      }
    }
    const sending = async () => {
      for await (const _ of gatherResults(ending(), neverMs)) throw new Error('disk full')
    }
    await expect(sending()).rejects.toThrow('disk full')
    expect(isEnded).toBe(true)
  })
})
