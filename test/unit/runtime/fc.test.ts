import { describe, expect, it } from 'vitest'
import { ApiSettings, RunCheckSettings, readFcSettings } from '../../../shared/runtime/fc-environment.ts'
import { apiDeps, runCheckDeps } from '../../../shared/runtime/fc.ts'

const place = { PRECHECK_ACCOUNT_ID: '1234567890', PRECHECK_REGION: 'cn-hangzhou' }
const tables = { PRECHECK_TABLESTORE_ENDPOINT: 'https://a.example', PRECHECK_TABLESTORE_INSTANCE: 'precheck' }
const keys = {
  ALIBABA_CLOUD_ACCESS_KEY_ID: 'STS.id',
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'secret of the role',
  ALIBABA_CLOUD_SECURITY_TOKEN: 'token of the role',
}
const surroundings = {
  environment: { ...place, ...keys, PRECHECK_SECRET_DB: 'of the database' },
  credentials: () => ({ accessKeyId: 'STS.id', accessKeySecret: 'secret of the role' }),
}

it('the function that serves the API has no way to a database and its password', () => {
  const deps = apiDeps(readFcSettings(ApiSettings, { ...place, ...tables }), surroundings)
  expect(Object.keys(deps)).not.toEqual(expect.arrayContaining(['probes']))
  expect(Object.keys(deps)).not.toEqual(expect.arrayContaining(['secrets']))
})

describe('the passwords of run-check', () => {
  const { secrets } = runCheckDeps(readFcSettings(RunCheckSettings, place), surroundings)

  it.each([...Object.keys(keys), 'PRECHECK_ACCOUNT_ID', 'PATH'])(
    'are not in %s, whatever a registration says',
    async (name) => {
      expect(await secrets.resolve(`env:${name}`)).toEqual({
        unavailable: expect.stringContaining('kms:NAME'),
      })
    },
  )

  it('are not in its files', async () => {
    const refused = { unavailable: expect.stringContaining('kms:NAME') }
    expect(await secrets.resolve('file:/proc/self/environ')).toEqual(refused)
  })

  it('may be in variables that are kept for them', async () => {
    expect(await secrets.resolve('env:PRECHECK_SECRET_DB')).toEqual({ value: 'of the database' })
  })
})
