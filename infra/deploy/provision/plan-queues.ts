import * as z from 'zod'
import {
  type CredentialsSource,
  type OpenApiFault,
  callOpenApi,
  defaultRetryPolicy,
} from '../../../shared/runtime/operator.ts'
import type { Change } from './change.ts'
import { failureOf } from './failure.ts'
import type { QueueSchema } from './queues.ts'

/**
 * The OpenAPI `mns-open`, which alone knows dead-letter policies; the XML interface that messages go through does not.
 */
export interface QueueControl {
  /** For example `https://mns-open.cn-hangzhou.aliyuncs.com`. */
  readonly endpoint: string
  readonly credentials: CredentialsSource
}

const version = '2022-01-19'

/** Numbers and booleans come as such or as texts, depending on the attribute. */
const Truth = z.union([z.boolean(), z.stringbool()])

const Attributes = z.object({
  DelaySeconds: z.coerce.number(),
  MaximumMessageSize: z.coerce.number(),
  MessageRetentionPeriod: z.coerce.number(),
  VisibilityTimeout: z.coerce.number(),
  PollingWaitSeconds: z.coerce.number(),
  DlqPolicy: z
    .object({
      Enabled: Truth.default(false),
      DeadLetterTargetQueue: z.string().default(''),
      MaxReceiveCount: z.coerce.number().default(0),
    })
    .optional(),
})
const Described = z.object({ Data: Attributes })

/** Attributes as parameters of a call. */
type Parameters = Readonly<Record<string, string>>

const isTransient = ({ kind }: OpenApiFault): boolean =>
  kind === 'throttled' || kind === 'unavailable' || kind === 'unreachable'

const call = async (
  { endpoint, credentials }: QueueControl,
  action: string,
  query: Parameters,
): Promise<unknown> => {
  const settings = { endpoint, credentials, timeoutMs: 10_000, retry: defaultRetryPolicy, isTransient }
  const outcome = await callOpenApi(settings, { action, version, query })
  if ('answer' in outcome) return outcome.answer
  if (outcome.fault.code.includes('QueueNotExist')) return null
  throw failureOf(`${action} of ${query['QueueName']}`, outcome.fault.code, endpoint)
}

const wantedParameters = ({ attributes, deadLetters }: QueueSchema): Parameters => ({
  ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, String(value)])),
  ...(deadLetters && {
    DlqPolicy: JSON.stringify({
      Enabled: true,
      DeadLetterTargetQueue: deadLetters.queue,
      MaxReceiveCount: deadLetters.maxReceiveCount,
    }),
  }),
})

const currentParameters = ({ DlqPolicy: policy, ...numbers }: z.infer<typeof Attributes>): Parameters => ({
  ...Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, String(value)])),
  ...(policy?.Enabled && { DlqPolicy: JSON.stringify(policy) }),
})

/** Attributes of a queue as it is; null if there is none. */
const describe = async (control: QueueControl, name: string): Promise<Parameters | null> => {
  const answer = await call(control, 'GetQueueAttributes', { QueueName: name })
  if (answer === null) return null
  const parsed = Described.safeParse(answer)
  if (!parsed.success) throw failureOf(`GetQueueAttributes of ${name}`, 'unexpected answer', control.endpoint)
  return currentParameters(parsed.data.Data)
}

const planQueue = async (control: QueueControl, schema: QueueSchema): Promise<Change[]> => {
  const { name } = schema
  const wanted = wantedParameters(schema)
  const current = await describe(control, name)
  if (current === null) {
    return [
      {
        title: `create queue ${name}`,
        details: Object.entries(wanted).map(([attribute, value]) => `${attribute}: ${value}`),
        apply: async () => void (await call(control, 'CreateQueue', { QueueName: name, ...wanted })),
      },
    ]
  }
  const changed = Object.entries(wanted).filter(([attribute, value]) => current[attribute] !== value)
  if (changed.length === 0) return []
  return [
    {
      title: `change queue ${name}`,
      details: changed.map(
        ([attribute, value]) => `${attribute}: ${current[attribute] ?? 'not set'} -> ${value}`,
      ),
      apply: async () =>
        void (await call(control, 'SetQueueAttributes', { QueueName: name, ...Object.fromEntries(changed) })),
    },
  ]
}

/** Changes that the queues need, in an order that works. Only reads. Throws `ProvisionFailed`. */
export const planQueues = async (
  control: QueueControl,
  schemas: readonly QueueSchema[],
): Promise<readonly Change[]> => {
  const changes: Change[] = []
  for (const schema of schemas) changes.push(...(await planQueue(control, schema)))
  return changes
}
