import { afterEach, describe, expect, it } from 'vitest'
import { type CheckThreads, checkThreads } from '../../../infra/host/check-threads.ts'
import type { Settings } from '../../../shared/runtime/environment.ts'
import { readSettings } from '../../../shared/runtime/environment.ts'
import { jsonLog } from '../../../shared/runtime/log.ts'

/**
 * Gives a result for what it gets, and does what `checkItem` says: `fatal` ends the thread as a driver with a fault
 * does, `block` keeps it busy for ever, once it is noted that it received something; `hang` waits; `login` waits once a
 * password may have been sent; `exceed` tells that a server sent more than it may, unless its instance is `cured`. What
 * is sent again gives a result.
 */
const source = `
  import { parentPort, threadId, workerData } from 'node:worker_threads'
  const numbers = new Int32Array(workerData.pulse)
  const beat = () => Atomics.add(numbers, 0, 1)
  setInterval(beat, workerData.beatMs)
  beat()
  const act = (id, kind, text) => {
    if (kind === 'fatal' || kind === 'block') Atomics.store(numbers, 1, id)
    if (kind === 'fatal') setImmediate(() => { throw new Error('broken driver') })
    else if (kind === 'block') setImmediate(() => { for (;;) text.length })
    else if (kind === 'login') parentPort.postMessage({ ids: [id], kinds: ['logs-in'], texts: [''], delays: [0] })
    else if (kind !== 'hang') {
      const body = text + ' on ' + threadId + (workerData.isApart ? ' apart' : '')
      const kinds = ['results', ...(kind === 'exceed' && !text.includes('cured') ? ['exceeded'] : []), 'ended']
      const each = (value) => kinds.map(() => value)
      parentPort.postMessage({ ids: each(id), kinds, texts: each(body), delays: each(0) })
    }
  }
  parentPort.on('message', ({ ids, texts }) => {
    for (const [index, id] of ids.entries()) act(id, JSON.parse(texts[index]).checkItem, texts[index])
  })`
const program = new URL(`data:text/javascript,${encodeURIComponent(source)}`)

const bodyOf = (checkItem: string, instanceId = 'db1', state = ''): string =>
  JSON.stringify({ checkItem, target: { instanceId }, state })

/** The real clock is that of the watch: so short a limit that the tests need not wait long. */
const blockedMs = 400

let threads: CheckThreads
afterEach(() => threads.stop())

const open = (changes: Partial<Settings> = {}) => {
  const lines: string[] = []
  const log = jsonLog('error', (line) => lines.push(line))
  const settings: Settings = { ...readSettings({}), checkThreads: 1, blockedMs, ...changes }
  threads = checkThreads(program, settings, {}, log, (_, why) => [
    { queue: 'results', body: why, delaySeconds: 0 },
  ])
  return lines
}

const resultsOf = async (checkItem: string, instanceId?: string, state?: string): Promise<string[]> => {
  const results: string[] = []
  await threads.run(bodyOf(checkItem, instanceId, state), async (reply) => void results.push(reply.body))
  return results
}

const threadIn = ([result = '']: readonly string[]): string => / on (\d+)( apart)?$/.exec(result)?.[1] ?? ''

const isApart = ([result = '']: readonly string[]): boolean => result.endsWith(' apart')

describe('check threads', () => {
  it('give results, and are replaced after a fault that ended one', async () => {
    const lines = open()
    const before = await resultsOf('ONE')
    await expect(resultsOf('fatal')).rejects.toThrow('gone')
    expect(lines.join('')).toContain('broken driver')
    const after = await resultsOf('ONE')
    expect([threadIn(before), threadIn(after)]).toEqual([
      expect.stringMatching(/\d/),
      expect.not.stringMatching(threadIn(before)),
    ])
  })

  it('share the work, and one that died takes only its own with it', async () => {
    open({ checkThreads: 2 })
    const hanging = resultsOf('hang')
    const beside = await resultsOf('ONE')
    await expect(resultsOf('fatal')).rejects.toThrow('gone')
    expect(threadIn(await resultsOf('ONE'))).not.toBe(threadIn(beside))
    await Promise.all([expect(hanging).rejects.toThrow('gone'), threads.stop()])
  })

  it('are no more than the setting says', async () => {
    open({ checkThreads: 2 })
    const hanging = ['hang', 'hang'].map((kind) => resultsOf(kind))
    const results = await Promise.all(Array.from({ length: 6 }, () => resultsOf('ONE')))
    expect(new Set(results.map(threadIn)).size).toBeLessThanOrEqual(2)
    await Promise.all([...hanging.map((each) => expect(each).rejects.toThrow('gone')), threads.stop()])
  })
})

describe('a check thread that what a server sent keeps busy for ever', () => {
  it('is ended and replaced, and the items of that server end as errors', async () => {
    const lines = open()
    expect(await resultsOf('block', 'hostile')).toEqual(['CHECKER_BLOCKED'])
    expect(lines.join('')).toContain('check-thread.blocked')
    expect(await resultsOf('ONE')).toHaveLength(1)
  })

  it('takes others with it only as far as a password may have been sent for them', async () => {
    open()
    const loggedIn = resultsOf('login', 'beside')
    // Sent together, so that both are there when the thread is blocked.
    const [blocked, again] = await Promise.all([resultsOf('block', 'hostile'), resultsOf('ONE', 'third')])
    expect([blocked, await loggedIn, again.length]).toEqual([['CHECKER_BLOCKED'], ['CHECKER_INTERRUPTED'], 1])
  })

  it('has what blocked it run alone from then on, until that ends well', async () => {
    open()
    await resultsOf('block', 'hostile')
    const shared = threadIn(await resultsOf('ONE', 'good'))
    // In a thread of its own it holds up nobody, however long it takes.
    const again = resultsOf('block', 'hostile')
    expect(threadIn(await resultsOf('ONE', 'good'))).toBe(shared)
    expect(await again).toEqual(['CHECKER_BLOCKED'])
    expect(threadIn(await resultsOf('ONE', 'good'))).toBe(shared)
  })

  it('is told from one whose items only wait', async () => {
    open({ checkThreads: 2 })
    const hanging = resultsOf('hang')
    // On the other thread, and for as long as it takes to be found blocked.
    expect(await resultsOf('block', 'hostile')).toEqual(['CHECKER_BLOCKED'])
    const both = await Promise.all([resultsOf('ONE'), resultsOf('ONE')])
    expect(both.flat()).toHaveLength(2)
    await Promise.all([expect(hanging).rejects.toThrow('gone'), threads.stop()])
  })
})

describe('what has servers send more than they may', () => {
  it('runs apart from all others the next time, in one thread, until it sends less', async () => {
    open()
    const hanging = resultsOf('hang', 'good')
    expect(isApart(await resultsOf('exceed', 'large'))).toBe(false)
    await resultsOf('exceed', 'larger')
    const apart = await Promise.all([
      resultsOf('exceed', 'large'),
      resultsOf('exceed', 'larger'),
      resultsOf('exceed', 'large', 'cured'),
    ])
    expect(apart.map(isApart)).toEqual([true, true, true])
    expect(new Set(apart.map(threadIn)).size).toBe(1)
    const after = [await resultsOf('exceed', 'large', 'cured'), await resultsOf('ONE', 'other')]
    expect(after.map(isApart)).toEqual([false, false])
    await Promise.all([expect(hanging).rejects.toThrow('gone'), threads.stop()])
  })
})

it('what ends its own thread again and again ends as an error, and takes nobody with it', async () => {
  open()
  await expect(resultsOf('fatal', 'hostile')).rejects.toThrow('gone')
  const hanging = resultsOf('hang', 'good')
  expect(await resultsOf('fatal', 'hostile')).toEqual(['CHECKER_BLOCKED'])
  expect(await resultsOf('ONE', 'good')).toHaveLength(1)
  await Promise.all([expect(hanging).rejects.toThrow('gone'), threads.stop()])
})
