import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import * as z from 'zod'

/** What `s.yaml` says of a trigger of a queue. */
export interface QueueTriggerTemplate {
  readonly queue: string
  /** Hands over and waits for nothing; else one push after the other. */
  readonly isAsync: boolean
  /** Messages are decoded from base64 before they are pushed. */
  readonly decodes: boolean
  /** Messages in one push at most. */
  readonly batch: number
  /** How long a push waits for a batch to fill, ms. */
  readonly windowMs: number
  readonly retryStrategy: 'BACKOFF_RETRY' | 'EXPONENTIAL_DECAY_RETRY'
  /** What comes of messages when all tries are used up: NONE tries on, ALL gives up. */
  readonly tolerance: 'NONE' | 'ALL'
  readonly deadLetterQueue: string | null
}

/** What `s.yaml` says of asynchronous invocations; the defaults are those of the manual ("Asynchronous invocation"). */
export interface AsyncTemplate {
  readonly maxAgeMs: number
  readonly maxRetries: number
  /** Queue that is told what failed for good; null: nobody is. */
  readonly onFailure: string | null
}

/** What `s.yaml` says of a custom runtime. */
export interface CustomRuntimeTemplate {
  /** Program and arguments. */
  readonly command: readonly string[]
  /** ARNs. */
  readonly layers: readonly string[]
  /** Requests that an instance serves at the same time at most. */
  readonly concurrency: number
  /** The platform asks an instance to get ready for its end. */
  readonly hasPreStop: boolean
}

/** What `s.yaml` says of a function. */
export interface FunctionTemplate {
  readonly name: string
  readonly description: string
  /** Folder of the code. */
  readonly code: string
  readonly handler: string
  /** null: the built-in runtime, one request per instance. */
  readonly customRuntime: CustomRuntimeTemplate | null
  readonly timeoutMs: number
  readonly memoryMb: number
  readonly vcpu: number
  readonly diskMb: number
  /** Name of the role that it acts as. */
  readonly role: string
  /** Instances that run at the same time at most; null: as many as the region gives. */
  readonly reservedConcurrency: number | null
  readonly environment: Readonly<Record<string, string>>
  /** What all of its triggers invoke: LATEST, or an alias. */
  readonly qualifier: string
  readonly hasHttpTrigger: boolean
  readonly queueTriggers: readonly QueueTriggerTemplate[]
  readonly asynchronous: AsyncTemplate
  /** Names of its timer triggers, and their payloads. */
  readonly timers: Readonly<Record<string, string>>
}

const RunOptions = z.looseObject({
  errorsTolerance: z.enum(['NONE', 'ALL']).default('NONE'),
  retryStrategy: z
    .looseObject({ PushRetryStrategy: z.enum(['BACKOFF_RETRY', 'EXPONENTIAL_DECAY_RETRY']) })
    .default({ PushRetryStrategy: 'BACKOFF_RETRY' }),
  batchWindow: z.looseObject({
    CountBasedWindow: z.int().min(1).max(10_000),
    TimeBasedWindow: z.int().min(0).max(15),
  }),
  deadLetterQueue: z.looseObject({ Arn: z.string() }).optional(),
})

/** What a trigger invokes. */
const Qualifier = z.string().default('LATEST')

const QueueTrigger = z.looseObject({
  triggerType: z.literal('eventbridge'),
  qualifier: Qualifier,
  triggerConfig: z.looseObject({
    asyncInvocationType: z.boolean().default(false),
    eventSourceConfig: z.looseObject({
      eventSourceParameters: z.looseObject({
        sourceMNSParameters: z.looseObject({
          QueueName: z.string(),
          IsBase64Decode: z.boolean().default(true),
        }),
      }),
    }),
    runOptions: RunOptions,
  }),
})

const TimerTrigger = z.looseObject({
  triggerName: z.string(),
  triggerType: z.literal('timer'),
  qualifier: Qualifier,
  triggerConfig: z.looseObject({ payload: z.string().default('') }),
})

const HttpTrigger = z.looseObject({ triggerType: z.literal('http'), qualifier: Qualifier })

/** One name for all triggers of a function is all that is needed here. */
const oneQualifier = (triggers: readonly { readonly qualifier: string }[]): string => {
  const [first = 'LATEST', ...others] = new Set(triggers.map(({ qualifier }) => qualifier))
  if (others.length > 0) throw new Error('The triggers of a function name several versions')
  return first
}

const AsyncInvocation = z.looseObject({
  maxAsyncEventAgeInSeconds: z.int().default(86_400),
  maxAsyncRetryAttempts: z.int().default(3),
  destinationConfig: z
    .looseObject({ onFailure: z.looseObject({ destination: z.string() }).optional() })
    .default({}),
})

const Runtime = z.looseObject({
  runtime: z.string(),
  layers: z.array(z.string()).default([]),
  customRuntimeConfig: z.looseObject({ command: z.array(z.string()).default([]) }).prefault({}),
  instanceConcurrency: z.int().min(1).max(200).default(1),
  instanceLifecycleConfig: z.looseObject({ preStop: z.unknown() }).partial().default({}),
})

const Props = Runtime.extend({
  functionName: z.string(),
  description: z.string(),
  handler: z.string(),
  code: z.string(),
  timeout: z.number(),
  memorySize: z.number(),
  cpu: z.number(),
  diskSize: z.number(),
  role: z.string(),
  concurrencyConfig: z.looseObject({ reservedConcurrency: z.int().min(1) }).optional(),
  asyncInvokeConfig: AsyncInvocation.prefault({}),
  environmentVariables: z.record(z.string(), z.string()),
  triggers: z.array(z.discriminatedUnion('triggerType', [HttpTrigger, QueueTrigger, TimerTrigger])),
})

const Template = z.looseObject({
  vars: z.record(z.string(), z.unknown()),
  resources: z.record(z.string(), z.looseObject({ component: z.string(), props: z.unknown() })),
})

const root = fileURLToPath(new URL('../../../', import.meta.url))

const variable = /\$\{vars\.([\w.]+)\}/g

/** The value at a path such as `runtime.layers`. */
const at = (vars: unknown, path: string): unknown =>
  path.split('.').reduce((node, name) => (node as Record<string, unknown> | undefined)?.[name], vars)

/** `${vars.region}` → its value, in every text; a text that is one reference becomes what it refers to. */
const withVariables = (parsed: unknown, vars: Readonly<Record<string, unknown>>): unknown => {
  const resolved = (value: unknown): unknown => {
    if (typeof value !== 'string') return value
    const [only] = value.matchAll(variable)
    if (only?.[0] === value) return withVariables(at(vars, only[1] ?? ''), vars)
    return value.replaceAll(variable, (whole, path: string) => {
      const found = at(vars, path)
      return typeof found === 'string' ? found : whole
    })
  }
  return JSON.parse(JSON.stringify(parsed), (_, value: unknown) => resolved(value))
}

const queueTriggerOf = ({ triggerConfig }: z.infer<typeof QueueTrigger>): QueueTriggerTemplate => {
  const { runOptions, eventSourceConfig, asyncInvocationType } = triggerConfig
  const { QueueName, IsBase64Decode } = eventSourceConfig.eventSourceParameters.sourceMNSParameters
  return {
    queue: QueueName,
    isAsync: asyncInvocationType,
    decodes: IsBase64Decode,
    batch: runOptions.batchWindow.CountBasedWindow,
    windowMs: runOptions.batchWindow.TimeBasedWindow * 1000,
    retryStrategy: runOptions.retryStrategy.PushRetryStrategy,
    tolerance: runOptions.errorsTolerance,
    deadLetterQueue: runOptions.deadLetterQueue?.Arn.split('/').at(-1) ?? null,
  }
}

/** `acs:mns:{region}:{account}:/queues/{name}/messages` → the name. */
export const queueIn = (destination: string | undefined): string | null =>
  destination?.split('/').at(-2) ?? null

const customRuntimeOf = (props: z.infer<typeof Runtime>): CustomRuntimeTemplate | null =>
  props.runtime.startsWith('custom')
    ? {
        command: props.customRuntimeConfig.command,
        layers: props.layers,
        concurrency: props.instanceConcurrency,
        hasPreStop: props.instanceLifecycleConfig.preStop !== undefined,
      }
    : null

const functionOf = (props: z.infer<typeof Props>, folder: string): FunctionTemplate => {
  const { triggers } = props
  const { maxAsyncEventAgeInSeconds, maxAsyncRetryAttempts, destinationConfig } = props.asyncInvokeConfig
  const timers = triggers.flatMap((trigger) => (trigger.triggerType === 'timer' ? [trigger] : []))
  return {
    name: props.functionName,
    description: props.description,
    code: resolve(folder, props.code),
    handler: props.handler,
    customRuntime: customRuntimeOf(props),
    timeoutMs: props.timeout * 1000,
    memoryMb: props.memorySize,
    vcpu: props.cpu,
    diskMb: props.diskSize,
    role: props.role.split('/').at(-1) ?? '',
    reservedConcurrency: props.concurrencyConfig?.reservedConcurrency ?? null,
    environment: props.environmentVariables,
    qualifier: oneQualifier(triggers),
    hasHttpTrigger: triggers.some(({ triggerType }) => triggerType === 'http'),
    queueTriggers: triggers.flatMap((trigger) =>
      trigger.triggerType === 'eventbridge' ? [queueTriggerOf(trigger)] : [],
    ),
    asynchronous: {
      maxAgeMs: maxAsyncEventAgeInSeconds * 1000,
      maxRetries: maxAsyncRetryAttempts,
      onFailure: queueIn(destinationConfig.onFailure?.destination),
    },
    timers: Object.fromEntries(
      timers.map(({ triggerName, triggerConfig }) => [triggerName, triggerConfig.payload]),
    ),
  }
}

/** Where `s.yaml` says which of its runtimes the functions have. */
const choice = /(runtime: \{ <<: \*)\w+/

/** By text: many deployments read the same `s.yaml`. */
const templates = new Map<string, unknown>()

const parsedOnce = (text: string): unknown => {
  const template = templates.get(text) ?? parse(text, { merge: true })
  templates.set(text, template)
  return template
}

/**
 * The functions of a template of Serverless Devs, by the names of their resources: what is deployed is what runs here.
 * `variables` take the place of those of the template, which come from the environment of who deploys; `runtime` is the
 * name of one of its runtimes.
 */
export const readTemplate = (
  { runtime, ...variables }: Readonly<Record<string, string>>,
  path = resolve(root, 's.yaml'),
): Readonly<Record<string, FunctionTemplate>> => {
  const text = readFileSync(path, 'utf8')
  const chosen = runtime === undefined ? text : text.replace(choice, `$1${runtime}`)
  const parsed = parsedOnce(chosen)
  const { vars } = Template.parse(parsed)
  const { resources } = Template.parse(withVariables(parsed, { ...vars, ...variables }))
  const functions = Object.entries(resources).filter(([, { component }]) => component === 'fc3')
  return Object.fromEntries(
    functions.map(([name, { props }]) => [name, functionOf(Props.parse(props), dirname(path))]),
  )
}
