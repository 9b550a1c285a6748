import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { version } from '../../../infra/cli/service/version.ts'
import { precheckAt } from '../../support/command-line.ts'
import { type Script, answering, precheckWith } from './scripted-service.ts'

const healthy = { status: 'pass', checks: {} }
const session = { name: 'ci', scope: 'run', expiresAt: '2027-01-31T08:00:00.000Z' }

/** A service as it should be, but for some of its answers, by their paths. */
const serviceWith =
  (other: Readonly<Record<string, Script>> = {}): Script =>
  (call, response) => {
    const [, path = ''] = call.split(' ')
    const answers: Readonly<Record<string, Script>> = {
      '/healthz': answering(200, healthy),
      '/openapi.json': answering(200, { info: { version } }),
      '/v1/session': answering(200, session),
      ...other,
    }
    answers[path]?.(call, response)
  }

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'precheck-doctor-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const doctor = (script: Script, ...args: string[]) =>
  precheckWith(script, ['doctor', '--data', folder, ...args])

describe('doctor', () => {
  it('looks at everything, and exits with 0 where all is well', async () => {
    const { code, output } = await doctor(serviceWith())
    expect(output.split('\n').map((line) => line.slice(0, 15).trim())).toEqual([
      '✔ command line',
      '✔ service',
      '✔ version',
      '✔ clock',
      '✔ token',
      '- data folder',
      '',
    ])
    expect(output).toContain('"ci", scope run, expires 2027-01-31 08:00 UTC')
    expect(code).toBe(0)
  })

  const sick = {
    status: 'fail',
    checks: {
      'queue:age': [
        {
          status: 'fail',
          observedValue: 9,
          observedUnit: 's',
          time: '2026-11-21T02:00:00Z',
          output: 'It waits.',
        },
      ],
    },
  }
  const late: Script = (call, response) => {
    response.setHeader('date', 'Sat, 21 Nov 2020 02:00:00 GMT')
    answering(200, healthy)(call, response)
  }

  it.each<[string, Script, number, RegExp]>([
    ['a sick service', serviceWith({ '/healthz': answering(503, sick) }), 2, /✘ service .* says: It waits\./],
    [
      'another version',
      serviceWith({ '/openapi.json': answering(200, { info: { version: '0.0.1' } }) }),
      1,
      /! version .*has 0\.0\.1/,
    ],
    ['another clock', serviceWith({ '/healthz': late }), 1, /! clock .*differs by \d+ s/],
    [
      'a wrong token',
      serviceWith({ '/v1/session': answering(401, { code: 'TOKEN_INVALID', detail: 'No.' }) }),
      2,
      /✘ token .*does not accept the token/,
    ],
    ['something else than the service', answering(502, {}), 2, /✘ service .*\(status 502\)/],
  ])('finds %s', async (_, script, code, text) => {
    const ended = await doctor(script)
    expect(ended.output).toMatch(text)
    expect(ended.code).toBe(code)
  })

  it('says that there is no service, once', async () => {
    const { code, output } = await precheckAt('http://127.0.0.1:1', ['doctor', '--data', folder])
    expect(output.match(/✘/g)).toHaveLength(1)
    expect(code).toBe(2)
  })

  it('looks at the data folder of a service on this machine', async () => {
    writeFileSync(join(folder, 'precheck.db'), '')
    const { output } = await doctor(serviceWith(), '--output', 'json')
    rmSync(join(folder, 'precheck.db'))
    expect(JSON.parse(output)).toContainEqual({
      part: 'data folder',
      status: expect.stringMatching(/passed|warning/),
      text: expect.stringMatching(/GiB free$/),
    })
  })
})
