import { randomUUID } from 'node:crypto'
import type { RoleSession } from './sts.ts'

/** Which of its versions was invoked, and by which name. */
interface ServiceContext {
  readonly name: string
  readonly logProject: string
  readonly logStore: string
  readonly qualifier: string
  readonly versionId: string
}

/** What a handler is told beside its event (Function Compute 3.0 manual, "Context"); the instance adds the logger. */
export interface InvocationContext {
  readonly requestId: string
  readonly credentials: {
    readonly accessKeyId: string
    readonly accessKeySecret: string
    readonly securityToken: string
  }
  readonly function: {
    readonly name: string
    readonly handler: string
    readonly memory: number
    readonly timeout: number
  }
  readonly service: ServiceContext
  readonly region: string
  readonly accountId: string
  readonly tracing: object
}

/** Where functions live. */
export interface Account {
  readonly accountId: string
  readonly region: string
}

/** The context of one invocation of a function, with the keys that its role has at this moment. */
export const contextOf = (
  { accountId, region }: Account,
  about: InvocationContext['function'],
  invoked: Pick<ServiceContext, 'qualifier' | 'versionId'>,
  { accessKeyId, accessKeySecret, securityToken }: RoleSession,
): InvocationContext => ({
  requestId: randomUUID(),
  credentials: { accessKeyId, accessKeySecret, securityToken },
  function: about,
  service: { name: '', logProject: '', logStore: '', ...invoked },
  region,
  accountId,
  tracing: { spanContext: '', jaegerEndpoint: '' },
})

/** What the platform puts into the environment of an instance when it starts; the keys in it are never replaced. */
export const platformEnvironment = (
  { accountId, region }: Account,
  { name, handler, memory }: InvocationContext['function'],
  { accessKeyId, accessKeySecret, securityToken }: RoleSession,
): Record<string, string> => ({
  ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId,
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret,
  ALIBABA_CLOUD_SECURITY_TOKEN: securityToken,
  FC_ACCOUNT_ID: accountId,
  FC_REGION: region,
  FC_FUNCTION_NAME: name,
  FC_FUNCTION_HANDLER: handler,
  FC_FUNCTION_MEMORY_SIZE: String(memory),
  FC_FUNC_CODE_PATH: '/code',
})
