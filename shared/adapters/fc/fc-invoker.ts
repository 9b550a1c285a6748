import type FcClient from '@alicloud/fc2'
import type { Acceptance, Invocation, InvocationFailure, Invoker } from '../../ports/invoker.ts'
import type { Credentials, CredentialsSource } from '../alibaba-cloud/credentials.ts'
import { withinLimit } from '../alibaba-cloud/limit.ts'
import { toTaskId } from './dedupe-id.ts'
import { CredentialsUnavailable, functionFailed, toFailure } from './failure.ts'

/** Which API is spoken. */
export type FcMode =
  /** Function Compute 3.0, API 2023-03-30. The client reaches it by its generic request; no document promises that. */
  | { readonly mode: 'fc3' }
  /** Function Compute 2.0, API 2016-08-15: functions belong to a service. */
  | { readonly mode: 'fc2'; readonly service: string }

/** Where and as whom functions are invoked. */
export type FcSettings = FcMode & {
  readonly accountId: string
  readonly region: string
  readonly credentials: CredentialsSource
  /** Of one call in all, ms. */
  readonly timeoutMs: number
  /** Left out: the public https endpoint of account and region. Plain http only if it says so itself. */
  readonly endpoint?: string
  /** Version or alias of the function (3.0) or service (2.0). Left out: LATEST. */
  readonly qualifier?: string
}

/** Names of functions and services in both APIs; nothing that could change the path. */
const validName = /^[A-Za-z_][A-Za-z0-9_-]{0,127}$/

/** Versions are numbers; aliases are named as functions are. */
const validQualifier = /^[A-Za-z0-9_-]{1,128}$/

const open = (settings: FcSettings, Client: typeof FcClient, credentials: Credentials): FcClient => {
  const { accessKeyId, accessKeySecret, securityToken } = credentials
  try {
    return new Client(settings.accountId, {
      accessKeyID: accessKeyId,
      accessKeySecret,
      region: settings.region,
      secure: true,
      timeout: settings.timeoutMs,
      ...(settings.endpoint !== undefined && { endpoint: settings.endpoint }),
      // The client itself reads a token only if the key starts with "STS".
      ...(securityToken !== undefined && {
        securityToken,
        headers: { 'x-fc-security-token': securityToken },
      }),
    })
  } catch {
    // It refuses empty keys, and keys of STS without their token.
    throw new CredentialsUnavailable()
  }
}

const obtain = async (source: CredentialsSource): Promise<Credentials> => {
  try {
    return await source()
  } catch {
    throw new CredentialsUnavailable()
  }
}

const connect = async (settings: FcSettings): Promise<FcClient> => {
  const credentials = await obtain(settings.credentials)
  // 1 MB of code that a start of a function must not pay for.
  const { default: Client } = await import('@alicloud/fc2')
  const client = open(settings, Client, credentials)
  if (settings.mode === 'fc3') client.version = '2023-03-30'
  return client
}

type Headers = Readonly<Record<string, string>>

const post = async (settings: FcSettings, functionName: string, event: Uint8Array, headers: Headers) => {
  const client = await connect(settings)
  const body = Buffer.from(event)
  const { qualifier } = settings
  if (settings.mode === 'fc2') {
    return client.invokeFunction(settings.service, functionName, body, headers, qualifier, { rawBuf: true })
  }
  const query = qualifier === undefined ? {} : { qualifier }
  return client.post(`/functions/${functionName}/invocations`, body, headers, query, { rawBuf: true })
}

type Sent =
  | { readonly data: unknown; readonly json: boolean; readonly requestId: string }
  | { readonly failure: InvocationFailure }

const refuseNames = (settings: FcSettings, functionName: string): InvocationFailure | null => {
  const { qualifier } = settings
  const names = settings.mode === 'fc2' ? [functionName, settings.service] : [functionName]
  const valid =
    names.every((name) => validName.test(name)) && (qualifier === undefined || validQualifier.test(qualifier))
  if (valid) return null
  const detail = 'names of functions, services and versions must consist of letters, digits, "_" and "-"'
  return { code: 'INVALID_REQUEST', detail }
}

const send = async (
  settings: FcSettings,
  functionName: string,
  event: Uint8Array,
  headers: Headers,
): Promise<Sent> => {
  const refused = refuseNames(settings, functionName)
  if (refused) return { failure: refused }
  try {
    // The client's own limit counts connecting and answering apart, and neither the credentials nor the loading.
    const answer = await withinLimit(settings.timeoutMs, post(settings, functionName, event, headers))
    const requestId = String(answer.headers['x-fc-request-id'] ?? '')
    const errorType = answer.headers['x-fc-error-type']
    if (errorType !== undefined) return { failure: functionFailed(String(errorType), answer.data, requestId) }
    const json = answer.headers['content-type']?.startsWith('application/json') === true
    return { data: answer.data, json, requestId }
  } catch (fault) {
    return { failure: toFailure(fault) }
  }
}

const readAnswer = (sent: Exclude<Sent, { failure: unknown }>): Invocation => {
  const { data, json, requestId } = sent
  if (json) return { answer: { json: data }, requestId }
  if (Buffer.isBuffer(data)) return { answer: { bytes: data }, requestId }
  return { failure: { code: 'UNEXPECTED_ANSWER', detail: 'the answer has no body', requestId } }
}

/** Functions of Function Compute, invoked with `@alicloud/fc2`. Mode `fc3` is not verified against the live service. */
export const fcInvoker = (settings: FcSettings): Invoker => {
  const dedupeHeader = settings.mode === 'fc3' ? 'x-fc-async-task-id' : 'x-fc-stateful-async-invocation-id'
  return {
    invoke: async (functionName, event) => {
      const sent = await send(settings, functionName, event, { 'x-fc-invocation-type': 'Sync' })
      return 'failure' in sent ? sent : readAnswer(sent)
    },
    invokeAsync: async (functionName, event, dedupeId): Promise<Acceptance> => {
      const sent = await send(settings, functionName, event, {
        'x-fc-invocation-type': 'Async',
        [dedupeHeader]: toTaskId(dedupeId),
      })
      return 'failure' in sent ? sent : { accepted: true, requestId: sent.requestId }
    },
  }
}
