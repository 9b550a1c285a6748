import { describe, expect, it } from 'vitest'
import { checkThread } from '../../../infra/host/check-thread.ts'
import { readSettings } from '../../../shared/runtime/environment.ts'
import { jsonLog } from '../../../shared/runtime/log.ts'

/** Gives a result for what it gets; a driver with a fault ends it. */
const source = `
  import { parentPort } from 'node:worker_threads'
  parentPort.on('message', ({ ids, texts }) => {
    for (const [index, id] of ids.entries()) {
      if (texts[index] === 'fatal') setImmediate(() => { throw new Error('broken driver') })
      else parentPort.postMessage({ ids: [id], answers: [['result of ' + texts[index]]] })
    }
  })`
const program = new URL(`data:text/javascript,${encodeURIComponent(source)}`)

const open = () => {
  const lines: string[] = []
  const log = jsonLog('error', (line) => lines.push(line))
  return { lines, thread: checkThread(program, readSettings({}), {}, log) }
}

describe('a check thread', () => {
  it('gives results, and starts again after a fault that ended it', async () => {
    const { thread, lines } = open()
    expect(await thread.run('one')).toEqual(['result of one'])
    await expect(thread.run('fatal')).rejects.toThrow('gone')
    expect(lines.join('')).toContain('broken driver')
    expect(await thread.run('two')).toEqual(['result of two'])
    await thread.stop()
  })

  it('ends with its host', async () => {
    const { thread } = open()
    await thread.run('one')
    const underWay = thread.run('fatal')
    await Promise.all([expect(underWay).rejects.toThrow('gone'), thread.stop()])
  })
})
