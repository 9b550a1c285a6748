import fc, { type Arbitrary } from 'fast-check'
import type { OpenApi, Schema } from './document.ts'

/**
 * What is connected to or called: nobody listens on these ports of this machine. No other host may come up, since names
 * are looked up and addresses connected to.
 */
const deadUrls = [
  'https://127.0.0.1:1/',
  'https://127.0.0.1:2/a?b=c',
  'https://localhost:1/',
  'http://127.0.0.1:1/',
]
const deadHosts = ['127.0.0.1', 'localhost', '127.255.255.254', '::1', '127.1']
const noHosts = [
  '',
  ' ',
  '127.0.0.1\u0000',
  '127.0.0.1:1',
  '[::1]',
  'a b',
  '\ud800',
  '/',
  `a${'.a'.repeat(200)}`,
]
const noUrls = [
  '',
  ' ',
  'x',
  '//',
  'http://',
  'https://[',
  'file:///etc/passwd',
  'https:',
  'https://127.0.0.1:99999/',
]

/** Values of the properties that name an address, by the name of the property: good ones, and such as are refused. */
const addresses: Readonly<
  Record<string, { readonly good: readonly unknown[]; readonly bad: readonly unknown[] }>
> = {
  host: { good: deadHosts, bad: [...noHosts, '169.254.169.254', '100.100.100.200', '0.0.0.0'] },
  port: { good: [1, 2, 3], bad: [0, -1, 1.5, 65_536, 1e308, '1', null] },
  oss: { good: deadUrls, bad: noUrls },
  service: { good: deadUrls, bad: noUrls },
  url: { good: deadUrls, bad: [...noUrls, 'https://127.0.0.1@127.0.0.1:1/', 'https://127.0.0.1:1/#\u202e'] },
}

/** Of what a schema says too little, by the name of the property: values that mean something to the service. */
const meaningful: Readonly<Record<string, readonly unknown[]>> = {
  timeZone: ['Asia/Shanghai', 'UTC', 'America/St_Johns', 'Nowhere/Nowhere'],
  checkItem: [
    'SQL_SERVER_DB_NOT_ONLINE',
    'ARCHIVELOG',
    'MYSQL_BINLOG',
    'SERVICE_CONNECTIVITY',
    'NO_SUCH_ITEM',
  ],
  checkItems: [
    'SQL_SERVER_DB_NOT_ONLINE',
    'ARCHIVELOG',
    'ORACLE_DB_STATUS',
    'MYSQL_BINLOG',
    'SERVICE_CONNECTIVITY',
  ],
  database: ['Orders', 'Reporting [old]', 'SALES', 'orders', 'no such'],
  operation: ['full', 'incremental', 'log', 'restore', 'other'],
}

/** A secret that there is, one that there is not, and others of each kind. */
const references = [
  'env:PRECHECK_SECRET_DB',
  'env:PRECHECK_SECRET_NONE',
  'env:HOME',
  'file:/etc/hostname',
  'kms:a',
]

const hostileTexts = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\udfff\ud800',
  '\u202e\ufeff',
  '\u{10ffff}',
  'İIıi',
  '__proto__',
  'constructor',
  'toString',
  '../../etc/passwd',
  `'; DROP TABLE instances --`,
  '%00%s%n',
  'NaN',
  '1e999',
  '0x10',
  '2026-13-45T99:99:99Z',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999999999Z',
  '+275760-09-13T00:00:00.001Z',
  'x'.repeat(300),
  'é'.repeat(20_000),
]

const hostileNumbers = [-0, -1, 0.1, 2 ** 31, 2 ** 53, 2 ** 64, 1e308, 5e-324, Number.MIN_SAFE_INTEGER - 1]

const nested = (depth: number, open: string, close: string): unknown =>
  JSON.parse(`${open.repeat(depth)}0${close.repeat(depth)}`)

/** They are members of their own only when they come out of JSON. */
const prototypeObjects = [
  '{"__proto__": {"scope": "admin"}}',
  '{"constructor": {"prototype": {"scope": "admin"}}}',
  '{"toString": 1, "valueOf": null, "length": -1, "then": {}}',
].map((text): unknown => JSON.parse(text))

/** Values that no schema asks for. */
export const hostile: Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(...hostileTexts),
  fc.constantFrom(...hostileNumbers),
  fc.constantFrom(null, true, false, [], {}, ...prototypeObjects),
  fc.constantFrom(nested(33, '[', ']'), nested(40, '{"a":', '}'), nested(1000, '[', ']')),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.jsonValue({ maxDepth: 4 }),
)

const formats: Readonly<Record<string, Arbitrary<unknown>>> = {
  'date-time': fc
    .date({
      min: new Date('1970-01-01T00:00:00Z'),
      max: new Date('9999-01-01T00:00:00Z'),
      noInvalidDate: true,
    })
    .map((date) => date.toISOString()),
}

/** By pattern; that of a pattern which names a class of Unicode makes a map of all its characters. */
const texts = new Map<string, Arbitrary<string>>()

const matching = (pattern: string): Arbitrary<string> => {
  const text = texts.get(pattern) ?? fc.stringMatching(new RegExp(pattern, 'u'))
  texts.set(pattern, text)
  return text
}

const textOf = ({ pattern, format, minLength = 0, maxLength = 200 }: Schema): Arbitrary<unknown> => {
  const ofFormat = formats[format ?? '']
  if (ofFormat) return ofFormat
  if (pattern?.includes('kms:')) return fc.constantFrom(...references)
  if (pattern !== undefined) return matching(pattern)
  return fc.string({ minLength, maxLength: Math.min(maxLength, 200), unit: 'grapheme', size: 'small' })
}

/** Keys of tags and of whatever else may have any name. */
const anyKey = fc.oneof(
  fc.string({ minLength: 1, maxLength: 10 }),
  fc.constantFrom('__proto__', 'constructor', 'a'),
)

/** Makes values for the schemas of a document. `spoilt`: in so many of a thousand places stands something hostile. */
export const valuesFor = ({ components: { schemas } }: OpenApi, spoilt: number) => {
  const spoil = (own: Arbitrary<unknown>, spoiling: Arbitrary<unknown>): Arbitrary<unknown> =>
    spoilt === 0
      ? own
      : fc.oneof({ weight: 1000 - spoilt, arbitrary: own }, { weight: spoilt, arbitrary: spoiling })

  const record = ({ properties = {}, required = [], additionalProperties }: Schema): Arbitrary<unknown> => {
    const members = Object.fromEntries(
      Object.entries(properties).map(([key, each]) => [key, valueOf(each, key)]),
    )
    const known = fc.record(members, { requiredKeys: [...required] })
    if (typeof additionalProperties !== 'object') return known
    const others = fc.dictionary(anyKey, valueOf(additionalProperties), { maxKeys: 3 })
    return fc.tuple(known, others).map(([some, more]) => ({ ...some, ...more }))
  }

  const own = (schema: Schema, name: string): Arbitrary<unknown> => {
    const { $ref, type, anyOf, oneOf, minimum = 0, maximum = 100, minItems = 0, maxItems = 3 } = schema
    // Only JSON of any form refers to itself.
    if ($ref?.includes('__schema') === true) return fc.jsonValue({ maxDepth: 3 })
    if ($ref !== undefined) return valueOf(schemas[$ref.split('/').at(-1) ?? ''] ?? {}, name)
    if (schema.enum) return fc.constantFrom(...schema.enum)
    if ('const' in schema) return fc.constant(schema.const)
    const choices = anyOf ?? oneOf
    if (choices) return fc.oneof(...choices.map((each) => valueOf(each, name)))
    if (type === 'string') return textOf(schema)
    if (type === 'integer') return fc.integer({ min: minimum, max: maximum })
    if (type === 'number') return fc.double({ min: minimum, max: maximum, noNaN: true })
    if (type === 'boolean') return fc.boolean()
    if (type === 'array') {
      const item = valueOf(schema.items ?? {}, name)
      return fc.array(item, { minLength: minItems, maxLength: Math.min(maxItems, 4), size: 'medium' })
    }
    return type === 'object' ? record(schema) : fc.constant(null)
  }

  /** `name`: of the property. */
  const valueOf = (schema: Schema, name = ''): Arbitrary<unknown> => {
    const address = schema.type === 'string' || schema.type === 'integer' ? addresses[name] : undefined
    if (address) return spoil(fc.constantFrom(...address.good), fc.constantFrom(...address.bad))
    const known = schema.type === 'string' ? meaningful[name] : undefined
    if (known) return spoil(fc.constantFrom(...known), hostile)
    return spoil(own(schema, name), hostile)
  }
  return valueOf
}
