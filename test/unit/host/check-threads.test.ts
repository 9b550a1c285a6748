import { describe, expect, it } from 'vitest'
import { type CheckThreads, checkThreads } from '../../../infra/host/check-threads.ts'
import { readSettings } from '../../../shared/runtime/environment.ts'
import { jsonLog } from '../../../shared/runtime/log.ts'

/** Gives a result for what it gets; a driver with a fault ends it. */
const source = `
  import { parentPort, threadId } from 'node:worker_threads'
  parentPort.on('message', ({ ids, texts }) => {
    for (const [index, id] of ids.entries()) {
      const [text] = [texts[index]]
      if (text === 'fatal') setImmediate(() => { throw new Error('broken driver') })
      else if (text !== 'hang') {
        const body = 'result of ' + text + ' on ' + threadId
        parentPort.postMessage({ ids: [id, id], kinds: ['results', 'ended'], texts: [body, ''], delays: [0, 0] })
      }
    }
  })`
const program = new URL(`data:text/javascript,${encodeURIComponent(source)}`)

const open = (checkThreadCount = 1) => {
  const lines: string[] = []
  const log = jsonLog('error', (line) => lines.push(line))
  const settings = readSettings({ PRECHECK_CHECK_THREADS: String(checkThreadCount) })
  return { lines, threads: checkThreads(program, settings, {}, log) }
}

const resultsOf = async ({ run }: CheckThreads, body: string): Promise<string[]> => {
  const results: string[] = []
  await run(body, async (reply) => void results.push(reply.body))
  return results
}

const threadIn = (result: string | undefined): string => /on (\d+)$/.exec(result ?? '')?.[1] ?? ''

describe('check threads', () => {
  it('give results, and are replaced after a fault that ended one', async () => {
    const { threads, lines } = open()
    const [one] = await resultsOf(threads, 'one')
    await expect(resultsOf(threads, 'fatal')).rejects.toThrow('gone')
    expect(lines.join('')).toContain('broken driver')
    const [two] = await resultsOf(threads, 'two')
    expect([one, two]).toEqual([
      expect.stringMatching(/^result of one/),
      expect.stringMatching(/^result of two/),
    ])
    expect(threadIn(two)).not.toBe(threadIn(one))
    await threads.stop()
  })

  it('share the work, and one that died takes only its own with it', async () => {
    const { threads } = open(2)
    const hanging = resultsOf(threads, 'hang')
    const [beside] = await resultsOf(threads, 'beside')
    await expect(resultsOf(threads, 'fatal')).rejects.toThrow('gone')
    const [after] = await resultsOf(threads, 'after')
    expect(threadIn(after)).not.toBe(threadIn(beside))
    await Promise.all([expect(hanging).rejects.toThrow('gone'), threads.stop()])
  })

  it('are no more than the setting says', async () => {
    const { threads } = open(2)
    const hanging = ['hang', 'hang'].map((body) => resultsOf(threads, body))
    const results = await Promise.all(Array.from({ length: 6 }, () => resultsOf(threads, 'one')))
    expect(new Set(results.map(([result]) => threadIn(result))).size).toBeLessThanOrEqual(2)
    await Promise.all([...hanging.map((each) => expect(each).rejects.toThrow('gone')), threads.stop()])
  })

  it('end with their host', async () => {
    const { threads } = open()
    const underWay = resultsOf(threads, 'hang')
    await Promise.all([expect(underWay).rejects.toThrow('gone'), threads.stop()])
  })
})
