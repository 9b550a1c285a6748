import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { type HostProcess, runProgram, startHostProcess } from '../support/processes.ts'
import { ask } from '../support/service.ts'

/** Database files as every released version left them after its demo, by version; a release adds its own. */
const released = join(import.meta.dirname, 'released-data')
const versions = readdirSync(released).map((name) => basename(name, '.db.gz'))

describe('data of a released version', () => {
  let folder: string
  let host: HostProcess
  afterEach(async () => {
    await host.kill('SIGTERM')
    rmSync(folder, { recursive: true })
  })

  it.each(versions)('%s is read by this one: instances, results, sweeps, webhooks', async (version) => {
    folder = mkdtempSync(join(tmpdir(), 'precheck-released-'))
    const file = readFileSync(join(released, `${version}.db.gz`))
    writeFileSync(join(folder, 'precheck.db'), gunzipSync(file))
    const issue = ['token', 'create', '--name', 'reader', '--scope', 'admin', '--data', folder]
    const { output } = await runProgram('dist/precheck/index.mjs', [...issue, '--output', 'json'], {})
    writeFileSync(
      join(folder, 'admin-token'),
      z.object({ token: z.string() }).parse(JSON.parse(output)).token,
    )
    host = await startHostProcess(folder)
    const get = async (path: string) => (await ask(host, 'GET', path)).json

    const { items } = await get('/v1/instances')
    expect(items.map(({ id }) => id)).toEqual(['demo-oracle', 'demo-sqlserver'])
    for (const { id } of items) {
      const last = await get(`/v1/instances/${id}/prechecks/last`)
      expect(last).toMatchObject({ instanceId: id, state: 'completed', outcome: 'failed' })
      expect(last.items.filter(({ status }) => status === 'failed')).not.toEqual([])
      const history = await get(`/v1/instances/${id}/prechecks`)
      expect(history.items).toHaveLength(2)
      const readiness = await get(`/v1/instances/${id}/readiness`)
      expect(readiness.databases.length).toBeGreaterThan(1)
    }
    const [sweep] = (await get('/v1/sweeps')).items
    expect(sweep).toMatchObject({ state: 'completed', counts: { started: 2, failed: 2 } })
    const [webhook] = (await get('/v1/webhooks')).items
    const deliveries = await get(`/v1/webhooks/${webhook?.id}/deliveries`)
    expect(deliveries.items).toHaveLength(3)
  })
})
