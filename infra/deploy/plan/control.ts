import type * as z from 'zod'
import {
  type CredentialsSource,
  type OpenApiFault,
  type OpenApiPath,
  callOpenApi,
  defaultRetryPolicy,
} from '../../../shared/runtime/operator.ts'
import { failureOf } from './failure.ts'

/** The OpenAPIs that are used, by the names that policies have for their products, with their versions. */
const versions = {
  sts: '2015-04-01',
  ram: '2015-05-01',
  ecs: '2014-05-26',
  vpc: '2016-04-28',
  kms: '2016-01-20',
  ots: '2020-12-09',
  // `mns-open`, which alone knows dead-letter policies; the XML interface that messages go through does not.
  mns: '2022-01-19',
  fc: '2023-03-30',
} as const
export type Product = keyof typeof versions

/** The control plane of an account. */
export interface Control {
  /** Address of a product's OpenAPI, for example `https://mns-open.cn-hangzhou.aliyuncs.com`. */
  readonly endpointOf: (product: Product) => string
  readonly credentials: CredentialsSource
}

/** An operation, and what it is about. */
export interface Operation {
  readonly product: Product
  readonly action: string
  readonly query?: Readonly<Record<string, string>>
  /** In ROA style. */
  readonly path?: OpenApiPath
  /** For messages: the name of a queue, say. */
  readonly of: string
  /** Codes that are an answer and no failure: there is none of it, or it is there already. */
  readonly settledBy?: RegExp
}

/** Time for one answer, ms. */
const timeoutMs = 10_000

const isTransient = ({ kind }: OpenApiFault): boolean =>
  kind === 'throttled' || kind === 'unavailable' || kind === 'unreachable'

/**
 * Carries an operation out and reads its answer; null where a code settles it. Throws `DeployFailed`, and
 * `RightMissing` where the right to do it is missing.
 */
export const ask = async <Schema extends z.ZodType>(
  { endpointOf, credentials }: Control,
  { product, action, query = {}, path, of, settledBy }: Operation,
  schema: Schema,
): Promise<z.output<Schema> | null> => {
  const endpoint = endpointOf(product)
  const outcome = await callOpenApi(
    { endpoint, credentials, timeoutMs, retry: defaultRetryPolicy, isTransient },
    { action, version: versions[product], query, ...(path && { path }) },
  )
  const asked = { product, operation: action, of }
  if ('fault' in outcome) {
    if (settledBy?.test(outcome.fault.code)) return null
    throw failureOf(asked, outcome.fault.code, endpoint)
  }
  const parsed = schema.safeParse(outcome.answer)
  if (!parsed.success) throw failureOf(asked, 'unexpected answer', endpoint)
  return parsed.data
}
