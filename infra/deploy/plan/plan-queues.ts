import * as z from 'zod'
import type { Change } from './change.ts'
import { type Control, type Operation, ask } from './control.ts'
import type { QueueSchema } from './queues.ts'

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

const operation = (action: string, query: Parameters & { readonly QueueName: string }): Operation => ({
  product: 'mns',
  action,
  query,
  of: query.QueueName,
  settledBy: /QueueNotExist/,
})

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
const describe = async (control: Control, name: string): Promise<Parameters | null> => {
  const answer = await ask(control, operation('GetQueueAttributes', { QueueName: name }), Described)
  return answer && currentParameters(answer.Data)
}

const planQueue = async (control: Control, schema: QueueSchema): Promise<Change[]> => {
  const { name } = schema
  const wanted = wantedParameters(schema)
  const current = await describe(control, name)
  if (current === null) {
    return [
      {
        title: `create queue ${name}`,
        details: Object.entries(wanted).map(([attribute, value]) => `${attribute}: ${value}`),
        apply: async () =>
          void (await ask(control, operation('CreateQueue', { ...wanted, QueueName: name }), z.unknown())),
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
        void (await ask(
          control,
          operation('SetQueueAttributes', { ...Object.fromEntries(changed), QueueName: name }),
          z.unknown(),
        )),
    },
  ]
}

/** Changes that the queues need, in an order that works. Only reads. Throws `DeployFailed`. */
export const planQueues = async (
  control: Control,
  schemas: readonly QueueSchema[],
): Promise<readonly Change[]> => {
  const changes: Change[] = []
  for (const schema of schemas) changes.push(...(await planQueue(control, schema)))
  return changes
}

/** What removes the queues that there are, with their messages. Only reads. Throws `DeployFailed`. */
export const planQueueRemoval = async (
  control: Control,
  schemas: readonly QueueSchema[],
): Promise<readonly Change[]> => {
  const changes: Change[] = []
  // A dead-letter queue after the one that it serves.
  for (const { name } of schemas.toReversed()) {
    if ((await describe(control, name)) === null) continue
    changes.push({
      title: `remove queue ${name}`,
      details: [],
      apply: async () =>
        void (await ask(control, operation('DeleteQueue', { QueueName: name }), z.unknown())),
    })
  }
  return changes
}
