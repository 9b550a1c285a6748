import * as z from 'zod'

/**
 * Triggers as the component fc3 hands them to Function Compute 3.0, every key in its exact case: outer ones start
 * small, the innermost of EventBridge large. The component's own schema lets unknown keys and wrong configurations
 * pass.
 */

const TriggerName = z.string().regex(/^[a-z][a-z0-9-]{0,127}$/)
/** The alias that a deployment moves from version to version; LATEST would change under what is running. */
const qualifier = z.literal('live')

/** HTTP trigger. */
export const HttpTrigger = z.strictObject({
  triggerName: TriggerName,
  triggerType: z.literal('http'),
  qualifier,
  triggerConfig: z.strictObject({
    authType: z.enum(['anonymous', 'function']),
    disableURLInternet: z.boolean(),
    methods: z.array(z.enum(['GET', 'PUT', 'PATCH', 'POST', 'DELETE', 'HEAD', 'OPTIONS'])).min(1),
  }),
})

/**
 * Six fields, seconds first, in UTC ("Timer triggers", Function Compute manual); one with fewer fires at other times.
 */
const Cron = z.string().regex(/^(CRON_TZ=[\w/+-]+ )?([\d*/,?-]+ ){3}[\w*/,?-]+ [\w*/,?-]+ [\w*/,?-]+$/)

/** Timer trigger. */
export const TimerTrigger = z.strictObject({
  triggerName: TriggerName,
  triggerType: z.literal('timer'),
  qualifier,
  triggerConfig: z.strictObject({
    cronExpression: z.union([Cron, z.string().regex(/^@every [1-9]\d*[smh]$/)]),
    enable: z.boolean(),
    /** 128 KB at most. */
    payload: z.string().max(131_072),
  }),
})

/**
 * Most seconds and messages that EventBridge collects for one push ("Advanced features of triggers", Function Compute
 * manual).
 */
const BatchWindow = z.strictObject({
  CountBasedWindow: z.int().min(1).max(10_000),
  TimeBasedWindow: z.int().min(0).max(15),
})

const QueueArn = z.string().regex(/^acs:mns:[a-z0-9-]+:\d+:\/queues\/[A-Za-z0-9-]+$/)

const RunOptions = z
  .strictObject({
    // In event-driven mode there are no batches, and what a handler gets looks different.
    mode: z.literal('event-streaming'),
    errorsTolerance: z.enum(['ALL', 'NONE']),
    retryStrategy: z.strictObject({
      PushRetryStrategy: z.enum(['BACKOFF_RETRY', 'EXPONENTIAL_DECAY_RETRY']),
    }),
    batchWindow: BatchWindow,
    deadLetterQueue: z.strictObject({ Arn: QueueArn }).optional(),
  })
  .refine(({ errorsTolerance, deadLetterQueue }) => errorsTolerance === 'NONE' || deadLetterQueue, {
    message: 'errorsTolerance ALL throws messages away that fail for good: deadLetterQueue must keep them',
    path: ['deadLetterQueue'],
  })

/**
 * Queue of Simple Message Queue, through EventBridge. What is invoked asynchronously (`isAsync`) holds up nothing; what
 * is waited for gets one batch after the other ("SMQ triggers", Function Compute manual).
 */
const queueTrigger = <Async extends boolean>(isAsync: Async) =>
  z.strictObject({
    triggerName: TriggerName,
    triggerType: z.literal('eventbridge'),
    qualifier,
    triggerConfig: z.strictObject({
      triggerEnable: z.boolean(),
      asyncInvocationType: z.literal(isAsync),
      eventRuleFilterPattern: z.literal('{}'),
      eventSourceConfig: z.strictObject({
        eventSourceType: z.literal('MNS'),
        eventSourceParameters: z.strictObject({
          sourceMNSParameters: z.strictObject({
            RegionId: z.string().min(1),
            QueueName: z.string().min(1),
            IsBase64Decode: z.boolean(),
          }),
        }),
      }),
      eventSinkConfig: z.strictObject({
        deliveryOption: z.strictObject({ eventSchema: z.literal('CloudEvents') }),
      }),
      runOptions: RunOptions,
    }),
  })

/** A queue trigger that waits for each batch. */
export const BatchTrigger = queueTrigger(false)

/** A queue trigger that hands over one message for each invocation, and waits for none. */
export const SingleMessageTrigger = queueTrigger(true).refine(
  ({ triggerConfig }) => triggerConfig.runOptions.batchWindow.CountBasedWindow === 1,
  {
    message: 'this function takes one message per invocation',
    path: ['triggerConfig', 'runOptions', 'batchWindow', 'CountBasedWindow'],
  },
)
