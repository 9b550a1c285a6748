import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { checkThreads } from '../../infra/host/check-threads.ts'
import { InstanceDefinition } from '../../shared/model/instance.ts'
import { readSettings } from '../../shared/runtime/environment.ts'
import { silent } from '../support/log.ts'

it('a check thread sends the key of the webhooks to no database, whatever refers to it', async () => {
  const settings = readSettings({ PRECHECK_WEBHOOK_KEY: 'env:PRECHECK_SECRET_KEY' })
  const environment = { PRECHECK_SECRET_KEY: 'of the service' }
  const built = pathToFileURL(resolve('dist/host/run-check.mjs'))
  const threads = checkThreads(built, settings, environment, silent, () => [])
  const credential = { username: 'precheck', password: 'env:PRECHECK_SECRET_KEY' }
  const results: string[] = []
  await threads.run(
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
    async ({ body }) => void results.push(body),
  )
  expect(results[0]).toContain('this secret is reserved for the service')
  await threads.stop()
})
