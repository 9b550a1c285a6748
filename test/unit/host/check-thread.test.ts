import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { checkThread } from '../../../infra/host/check-thread.ts'
import { InstanceDefinition } from '../../../shared/model/instance.ts'
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

  it('sends the key of the webhooks to no database, whatever refers to it', async () => {
    const settings = readSettings({ PRECHECK_WEBHOOK_KEY: 'env:PRECHECK_SECRET_KEY' })
    const environment = { PRECHECK_SECRET_KEY: 'of the service' }
    const built = pathToFileURL(resolve('dist/host/run-check.mjs'))
    const thread = checkThread(
      built,
      settings,
      environment,
      jsonLog('error', () => undefined),
    )
    const credential = { username: 'precheck', password: 'env:PRECHECK_SECRET_KEY' }
    const [result] = await thread.run(
      JSON.stringify({
        precheckId: `pc_${'0'.repeat(32)}`,
        checkItem: 'ARCHIVELOG',
        target: {
          instanceId: 'db1',
          definition: InstanceDefinition.parse({
            engine: 'oracle',
            region: 'cn-hangzhou',
            connection: { host: '127.0.0.1', port: 1, serviceName: 'ORCL', credential },
          }),
        },
        limitMs: 5000,
        deadlineAt: new Date(Date.now() + 60_000).toISOString(),
      }),
    )
    expect(result).toContain('the service keeps this secret for itself')
    await thread.stop()
  })

  it('ends with its host', async () => {
    const { thread } = open()
    await thread.run('one')
    const underWay = thread.run('fatal')
    await Promise.all([expect(underWay).rejects.toThrow('gone'), thread.stop()])
  })
})
