import { describe, expect, it } from 'vitest'
import { CollectSettings } from '../../../shared/runtime/fc-environment.ts'
import { fcFunction } from '../../../shared/runtime/fc-function.ts'
import { collectDeps } from '../../../shared/runtime/fc.ts'
import { createHandler } from '../../../functions/collect/handler.ts'
import { SettingsInvalid } from '../../../shared/runtime/settings.ts'

const environment = {
  PRECHECK_ACCOUNT_ID: '1234567890',
  PRECHECK_REGION: 'cn-hangzhou',
  PRECHECK_TABLESTORE_ENDPOINT: 'https://precheck.cn-hangzhou.vpc.tablestore.aliyuncs.com',
  PRECHECK_TABLESTORE_INSTANCE: 'precheck',
  ALIBABA_CLOUD_ACCESS_KEY_ID: 'STS.old',
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'old-secret',
  ALIBABA_CLOUD_SECURITY_TOKEN: 'old-token',
}

/** A function that answers with the keys that its ports would sign with. */
const tellingKeys = fcFunction(
  CollectSettings,
  (_, { credentials }) => credentials,
  (credentials) => async () => credentials(),
  environment,
)

const keys = (name: string) => ({
  accessKeyId: `STS.${name}`,
  accessKeySecret: `${name}-secret`,
  securityToken: `${name}-token`,
})

describe('a deployed function', () => {
  it('signs with the keys of the newest invocation, and with those of the environment before any came', async () => {
    expect(await tellingKeys(null, { requestId: '1' })).toEqual(keys('old'))
    expect(await tellingKeys(null, { requestId: '2', credentials: keys('new') })).toEqual(keys('new'))
    expect(await tellingKeys(null, { requestId: '3', credentials: keys('newer') })).toEqual(keys('newer'))
    expect(await tellingKeys(null, { requestId: '4' })).toEqual(keys('newer'))
  })

  it.each([[{ accessKeyId: '', accessKeySecret: '', securityToken: '' }], [{}], ['none'], [null]])(
    'does not take %j for keys',
    async (credentials) => {
      const tell = fcFunction(
        CollectSettings,
        (_, surroundings) => surroundings.credentials,
        (source) => async () => source(),
        environment,
      )
      expect(await tell(null, { requestId: '1', credentials })).toEqual(keys('old'))
    },
  )

  it('does not start with settings that are missing or of another function', () => {
    const { PRECHECK_REGION: _, ...incomplete } = {
      ...environment,
      PRECHECK_KMS_ENDPOINT: 'https://a.example',
    }
    const start = () => fcFunction(CollectSettings, collectDeps, createHandler, incomplete)
    expect(start).toThrow(SettingsInvalid)
    expect(start).toThrow(/PRECHECK_REGION[^]*PRECHECK_KMS_ENDPOINT/)
  })
})
