import fc, { type Arbitrary } from 'fast-check'
import { type OpenApi, type Operation, type Parameter, operationsOf } from './document.ts'
import { hostile, valuesFor } from './values.ts'

/** What stands for something that the service has made: the nth that is known of the kind, for example of `precheckId`. */
export interface Known {
  readonly kind: string
  readonly nth: number
}

/** Who asks: with a token of some scope, with one that is none, or without. */
export type Caller = 'admin' | 'run' | 'read' | 'wrong' | 'nobody'

/** A request before it is known what the service has made. */
export interface FuzzedRequest {
  /** The operation that it is made from. */
  readonly operation: string
  readonly method: string
  /** Its segments, percent-encoded. */
  readonly path: readonly (string | Known)[]
  /** Query parameters, percent-encoded. */
  readonly query: readonly (readonly [name: string, value: string])[]
  readonly caller: Caller
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** In latin1, so that it may be no UTF-8. */
  readonly body: string
}

/** Registered beforehand, at stand-ins that have something to find: fuzzed requests ask and check them, and leave them. */
export const standInEngines = ['sqlserver', 'oracle', 'mysql'] as const
export const standInIdOf = (engine: (typeof standInEngines)[number]): string => `stand-in-${engine}`

/** Some names that a registration may have, two of which every object has too. */
const instanceIds = ['db-0', 'db-1', 'db-2', 'db-3', 'db-4', 'db-5', 'DB.6', 'constructor', 'toString']

/** Percent-encodes a text whose surrogates may be alone. */
const encoded = (text: string): string =>
  [...Buffer.from(text, 'utf8')]
    .map((byte) => (/\w/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `%${hex(byte)}`))
    .join('')
const hex = (byte: number): string => byte.toString(16).padStart(2, '0')

const hostileSegments = [
  '%',
  '%zz',
  '%00',
  '%ED%A0%80',
  '..',
  '.',
  '%2e%2e',
  '%2F',
  '',
  ';a=b',
  '~',
  '*',
  '@:',
  "'",
]

const segmentOf = (
  document: OpenApi,
  part: string,
  { method, path, parameters }: Operation,
): Arbitrary<string | Known> => {
  const name = /^\{(\w+)\}$/.exec(part)?.[1]
  if (name === undefined) return fc.constant(part)
  const schema = parameters.find((each) => each.in === 'path' && each.name === name)?.schema ?? {}
  const known = fc.nat(63).map((nth) => ({ kind: name, nth }))
  const isChange = path === '/v1/instances/{instanceId}' && method !== 'GET'
  const instances = fc.constantFrom(...instanceIds, ...(isChange ? [] : standInEngines.map(standInIdOf)))
  return fc.oneof(
    { weight: 12, arbitrary: name === 'instanceId' ? instances : known },
    { weight: 3, arbitrary: valuesFor(document, 0)(schema).map((value) => encoded(String(value))) },
    { weight: 1, arbitrary: fc.constantFrom(...hostileSegments) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 70 }).map(encoded) },
  )
}

type FuzzedRequestPart<Part extends keyof FuzzedRequest> = Arbitrary<FuzzedRequest[Part]>

const pathOf = (document: OpenApi, operation: Operation): FuzzedRequestPart<'path'> => {
  const [, ...parts] = operation.path.split('/')
  const own = fc.tuple(...parts.map((part) => segmentOf(document, part, operation)))
  const others = fc.constantFrom(
    ['v1'],
    ['v2', ...parts],
    [...parts, ''],
    ['', ...parts],
    [''],
    parts.slice(0, -1),
  )
  return fc.oneof({ weight: 40, arbitrary: own }, { weight: 1, arbitrary: others })
}

/** Some of the parameters of an operation, each once or twice, and some that it does not have. */
const parametersOf = (
  document: OpenApi,
  { parameters }: Operation,
  place: Parameter['in'],
): Arbitrary<(readonly [string, string])[]> => {
  const wanted = parameters.filter((each) => each.in === place)
  const one = ({ name, schema }: Parameter): Arbitrary<readonly [string, string]> => {
    const own = valuesFor(document, 0)(schema, name)
    const value = fc.oneof({ weight: 4, arbitrary: own }, { weight: 1, arbitrary: hostile })
    return value.map((each) => [name, typeof each === 'string' ? each : JSON.stringify(each)] as const)
  }
  const unknown = fc.tuple(
    fc.constantFrom('locale', '__proto__', 'x'),
    fc.constantFrom('zh', 'en', '', '\u0000'),
  )
  return fc.array(fc.oneof(...wanted.map(one), unknown), { maxLength: wanted.length + 1 })
}

const printable = (text: string): string =>
  text.replaceAll(/[^\u0020-\u007e\u00a0-\u00ff]/g, '?').slice(0, 5000)

const headersOf = (document: OpenApi, operation: Operation): FuzzedRequestPart<'headers'> => {
  const own = parametersOf(document, operation, 'header').map((pairs) =>
    pairs.map(([name, value]) => [name, name === 'prefer' ? waitOf(value) : printable(value)] as const),
  )
  const content = fc.oneof(
    { weight: 20, arbitrary: fc.constant('application/json') },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        'text/plain',
        'application/merge-patch+json',
        'application/json; a=',
        '',
        ',',
      ),
    },
  )
  const more = fc.oneof(
    { weight: 20, arbitrary: fc.constant([]) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        [['accept-language', 'zh-CN']],
        [['accept', 'image/png']],
        [['x-forwarded-for', '10.0.0.1']],
        [['x-long', 'x'.repeat(8000)]],
        [['x-long', 'x'.repeat(20_000)]],
        [['__proto__', 'x']],
        [['accept-encoding', 'gzip, br']],
        [['x-latin', '\u00e9\u00ff']],
        Array.from({ length: 200 }, (_, index) => [`x-${index}`, 'x']),
      ) as Arbitrary<[string, string][]>,
    },
  )
  return fc
    .tuple(own, content, more)
    .map(([given, type, rest]) => [...given, ['content-type', type], ...rest])
}

/** Whoever asks to wait for long would wait for prechecks that are not of these requests alone. */
const waitOf = (value: string): string => (/^wait=\d+$/.test(value) ? 'wait=1' : printable(value))

/** Schemas of what is made anew, and of what a merge patch, which is JSON of any form, changes some members of. */
const madeLike: Readonly<Record<string, string>> = {
  putInstance: 'InstanceDefinitionRequest',
  patchInstance: 'InstanceDefinitionRequest',
  createWebhook: 'WebhookDefinitionRequest',
  patchWebhook: 'WebhookDefinitionRequest',
  acknowledgeFinding: 'AcknowledgementRequestRequest',
}

const credential = { username: 'precheck', password: 'env:PRECHECK_SECRET_DB' }
const deadPort = { host: '127.0.0.1', port: 1, credential, tls: { mode: 'off' } }

const dayMs = 86_400_000

/** What is accepted as it is: the schemas do not say which members go together. */
const accepted: Readonly<Record<string, readonly object[]>> = {
  InstanceDefinitionRequest: [
    { engine: 'sqlserver', region: 'cn-hangzhou', connection: deadPort },
    { engine: 'oracle', region: 'cn-beijing', connection: { ...deadPort, serviceName: 'orcl' } },
    { engine: 'mysql', region: 'cn-shanghai', connection: deadPort },
  ],
  WebhookDefinitionRequest: [{ url: 'http://127.0.0.1:1/' }],
  AcknowledgementRequestRequest: [
    {
      checkItem: 'SQL_SERVER_DB_NOT_ONLINE',
      reason: 'known',
      author: 'dba',
      expiresAt: new Date(Date.now() + dayMs).toISOString(),
    },
  ],
}

const hostileBodies = [
  '',
  '{',
  'null',
  '\u00ff\u00fe{}',
  '\u00ed\u00a0\u0080',
  '\u00ef\u00bb\u00bf{}',
  '{"a":1,"a":2}',
  '{"name":1e999,"scope":-1e999}',
  `{"limit":${'9'.repeat(400)}}`,
  '['.repeat(100_000),
  `${'['.repeat(33)}${']'.repeat(33)}`,
  `${'{"connection":'.repeat(2000)}1${'}'.repeat(2000)}`,
  `{"description":"${'x'.repeat(300_000)}"}`,
]

const inLatin1 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('latin1')

/** A value of which up to two members are those of another. */
const someOf = (base: Arbitrary<object>, other: Arbitrary<unknown>): Arbitrary<unknown> =>
  fc.tuple(base, other, fc.array(fc.nat(100), { maxLength: 2 })).map(([one, another, numbers]) => {
    const members = Object.entries(another as object)
    return {
      ...one,
      ...Object.fromEntries(numbers.flatMap((number) => members.slice(number % members.length).slice(0, 1))),
    }
  })

const bodyOf = (document: OpenApi, { operationId, requestBody }: Operation): FuzzedRequestPart<'body'> => {
  const schema = requestBody?.content?.['application/json']?.schema
  const none = fc.oneof(
    { weight: 30, arbitrary: fc.constant('') },
    { weight: 1, arbitrary: hostile.map(inLatin1) },
  )
  if (!schema) return none
  const like = madeLike[operationId]
  const wanted = like === undefined ? schema : { $ref: `#/components/schemas/${like}` }
  const bases = operationId.startsWith('patch') ? [{}] : accepted[like ?? '']
  const [whole, spoilt] = [0, 60].map((each) => valuesFor(document, each)(wanted))
  return fc.oneof(
    { weight: 10, arbitrary: (bases ? someOf(fc.constantFrom(...bases), whole!) : whole!).map(inLatin1) },
    { weight: 6, arbitrary: spoilt!.map(inLatin1) },
    { weight: 2, arbitrary: hostile.map(inLatin1) },
    { weight: 1, arbitrary: fc.constantFrom(...hostileBodies) },
  )
}

const otherMethods = ['GET', 'PUT', 'PATCH', 'POST', 'DELETE', 'HEAD', 'OPTIONS', 'PROPFIND', 'TRACE', 'get']

const requestOf = (document: OpenApi, operation: Operation): Arbitrary<FuzzedRequest> =>
  fc.record({
    operation: fc.constant(operation.operationId),
    method: fc.oneof(
      { weight: 40, arbitrary: fc.constant(operation.method) },
      { weight: 1, arbitrary: fc.constantFrom(...otherMethods) },
    ),
    path: pathOf(document, operation),
    query: parametersOf(document, operation, 'query').map((pairs) =>
      pairs.map(([name, value]) => [encoded(name), encoded(value)] as const),
    ),
    caller: fc.oneof(
      { weight: 40, arbitrary: fc.constant<Caller>('admin') },
      { weight: 4, arbitrary: fc.constantFrom<Caller>('run', 'read', 'nobody', 'wrong') },
    ),
    headers: headersOf(document, operation),
    body: bodyOf(document, operation),
  })

/** How often each method comes up: so that there is something to read, and to delete now and then. */
const weights: Readonly<Record<string, number>> = { PUT: 16, PATCH: 6, POST: 6, GET: 4, DELETE: 1 }

/** Tokens are without a limit, and listed without pages. */
const weightOf = ({ operationId, method }: Operation): number =>
  operationId === 'revokeToken' ? 10 : (weights[method] ?? 1)

/** Requests to every operation of a document. */
export const requestsOf = (document: OpenApi): Arbitrary<FuzzedRequest> =>
  fc.oneof(
    ...operationsOf(document).map((operation) => ({
      weight: weightOf(operation),
      arbitrary: requestOf(document, operation),
    })),
  )
