import { describe, expect, it } from 'vitest'
import { checkThread } from '../../../infra/host/check-thread.ts'
import { readSettings } from '../../../shared/runtime/environment.ts'
import { jsonLog } from '../../../shared/runtime/log.ts'

/** Hands out what it gets as a result; a driver with a fault ends it. */
const source = `
  import { parentPort } from 'node:worker_threads'
  parentPort.on('message', ({ asked, ended }) => {
    for (const [id, text] of asked) {
      if (text === 'fatal') setImmediate(() => { throw new Error('broken driver') })
      else parentPort.postMessage({ asked: [[id, 'result of ' + text]], ended: [[id, null]] })
    }
  })`
const program = new URL(`data:text/javascript,${encodeURIComponent(source)}`)

const open = (handOver: (result: string) => Promise<void>) => {
  const lines: string[] = []
  const log = jsonLog('error', (line) => lines.push(line))
  return { lines, thread: checkThread(program, readSettings({}), {}, handOver, log) }
}

describe('a check thread', () => {
  it('hands results over, and starts again after a fault that ended it', async () => {
    const results: string[] = []
    const { thread, lines } = open(async (result) => void results.push(result))
    await thread.run('one')
    await expect(thread.run('fatal')).rejects.toThrow('gone')
    expect(lines.join('')).toContain('broken driver')
    await thread.run('two')
    expect(results).toEqual(['result of one', 'result of two'])
    await thread.stop()
  })

  it('ends with its host', async () => {
    const { thread } = open(async () => undefined)
    await thread.run('one')
    const underWay = thread.run('fatal')
    await Promise.all([expect(underWay).rejects.toThrow('gone'), thread.stop()])
  })
})
