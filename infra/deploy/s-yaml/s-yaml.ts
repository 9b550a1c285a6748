import { parse } from 'yaml'
import * as z from 'zod'
import { Runtime, RuntimeVariable, runtimeProps } from './runtimes.ts'
import { BatchTrigger, HttpTrigger, SingleMessageTrigger, TimerTrigger } from './triggers.ts'
import { resolve } from './variables.ts'

/**
 * What `s.yaml` may hold, stricter than Serverless Devs and its component fc3, which pass over unknown keys and most
 * wrong values until the service refuses or ignores them. Ranges are those of the Function Compute 3.0 manual.
 */

const Region = z.string().regex(/^[a-z]{2}(-[a-z0-9]+)+$/)

/** MB, in steps of 64. */
const MemorySize = z.int().min(128).max(32_768).multipleOf(64)

/** vCPUs, in steps of 0.05. */
const Cpu = z.number().min(0.05).max(16).multipleOf(0.05)

const Network = z.strictObject({
  vpcId: z.string().regex(/^vpc-/),
  vSwitchIds: z.array(z.string().regex(/^vsw-/)).min(1),
  securityGroupId: z.string().regex(/^sg-/),
})

const QueueDestination = z.string().regex(/^acs:mns:[a-z0-9-]+:\d+:\/queues\/[A-Za-z0-9-]+\/messages$/)

const AsyncInvocation = z.strictObject({
  /** Seconds; the SDK says up to a week. */
  maxAsyncEventAgeInSeconds: z.int().min(1).max(604_800),
  maxAsyncRetryAttempts: z.int().min(0).max(8),
  /** Where what failed for good is told. */
  destinationConfig: z
    .strictObject({ onFailure: z.strictObject({ destination: QueueDestination }) })
    .optional(),
})

const hasFittingCpu = ({ cpu, memorySize }: { cpu: number; memorySize: number }): boolean => {
  const gigabytesPerCpu = memorySize / 1024 / cpu
  return gigabytesPerCpu >= 1 && gigabytesPerCpu <= 4
}

const props = <Trigger extends z.ZodType>(name: string, trigger: Trigger) =>
  z
    .strictObject({
      region: Region,
      functionName: z.literal(`precheck-${name}`),
      description: z.string().min(1).max(256),
      ...runtimeProps,
      handler: z.literal('index.handler'),
      code: z.literal(`dist/functions/${name}`),
      memorySize: MemorySize,
      cpu: Cpu,
      diskSize: z.literal([512, 10_240]),
      /** Seconds. Left out, it would be 3. */
      timeout: z.int().min(1).max(86_400),
      concurrencyConfig: z.strictObject({ reservedConcurrency: z.int().min(1).max(300) }).optional(),
      asyncInvokeConfig: AsyncInvocation.optional(),
      role: z.string().regex(/^acs:ram::\d+:role\/[a-z0-9.-]{1,64}$/),
      vpcConfig: Network,
      internetAccess: z.boolean(),
      // Project and Logstore are made by the first deployment.
      logConfig: z.literal('auto'),
      environmentVariables: z.record(z.string().regex(/^PRECHECK_[A-Z_]+$/), z.string().min(1)),
      triggers: z.tuple([trigger]),
    })
    .refine(hasFittingCpu, { message: 'a vCPU goes with 1 to 4 GB', path: ['cpu'] })
    .refine((all) => Runtime.safeParse(all).success, {
      message: 'a custom runtime with its layer, command and hook, or the built-in one with nothing of them',
      path: ['runtime'],
    })

const resource = <Trigger extends z.ZodType>(name: string, trigger: Trigger) =>
  z.strictObject({ component: z.literal('fc3'), props: props(name, trigger) })

/** EventBridge waits five minutes for a function at most ("Advanced features of triggers"). */
const maxPushSeconds = 300

/** What hangs or fills the heap in one must harm no other, and no two rounds of the timer may be one in another. */
const alone = ['run-check', 'schedule'] as const

/** What fails for good would be dropped without a word. */
const invokedAsynchronously = ['run-check', 'notify'] as const

/** The file, its references resolved. */
export const ServerlessFile = z.strictObject({
  edition: z.literal('3.0.0'),
  name: z.literal('backup-precheck'),
  access: z.string().min(1),
  vars: z
    .object({ runtimes: z.record(z.string(), RuntimeVariable), runtime: RuntimeVariable })
    .catchall(z.union([z.string(), z.boolean()])),
  resources: z
    .strictObject({
      api: resource('api', HttpTrigger),
      'run-check': resource('run-check', SingleMessageTrigger),
      collect: resource('collect', BatchTrigger),
      schedule: resource('schedule', TimerTrigger),
      notify: resource('notify', SingleMessageTrigger),
    })
    .refine(({ collect }) => collect.props.timeout <= maxPushSeconds, {
      message: `EventBridge waits ${maxPushSeconds} s for a function at most`,
    })
    .refine((resources) => alone.every((name) => resources[name].props.instanceConcurrency === 1), {
      message: `${alone.join(' and ')} take one request at a time`,
    })
    .refine(
      (resources) =>
        invokedAsynchronously.every((name) => resources[name].props.asyncInvokeConfig?.destinationConfig),
      { message: 'what an asynchronous invocation fails at for good is dropped without destinationConfig' },
    ),
})
export type ServerlessFile = z.infer<typeof ServerlessFile>

const Vars = z.object({ vars: z.record(z.string(), z.unknown()) })

/** The text of `s.yaml` as a value, its variables put in; throws `VariableUnknown`. */
export const resolveVariables = (text: string, environment: NodeJS.ProcessEnv): unknown => {
  const document: unknown = parse(text, { merge: true })
  const entries = Object.entries(Vars.parse(document).vars)
  const simple = Object.fromEntries(entries.filter(([, value]) => typeof value !== 'object'))
  const known = resolve(simple, { environment, vars: {} })
  // Runtimes refer to the simple ones.
  const vars = resolve(Object.fromEntries(entries), { environment, vars: known })
  return resolve(document, { environment, vars })
}

/** Reads the text of `s.yaml` as it would be deployed. Throws `ZodError` or `VariableUnknown`. */
export const readServerlessFile = (text: string, environment: NodeJS.ProcessEnv): ServerlessFile =>
  ServerlessFile.parse(resolveVariables(text, environment))
