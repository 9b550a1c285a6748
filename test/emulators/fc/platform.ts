import { mnsClient } from '../../../shared/adapters/mns/mns-client.ts'
import { mnsConsumer } from '../../../shared/adapters/mns/mns-consumer.ts'
import type { HttpListener } from '../http-listener.ts'
import { type AsyncQueue, startAsyncQueue } from './async-queue.ts'
import type { Account } from './context.ts'
import { type EmulatedFunction, deploy } from './function.ts'
import { startHttpTrigger } from './http-trigger.ts'
import type { Outcome } from './instance.ts'
import { type Disturbance, type QueueTrigger, startQueueTrigger } from './queue-trigger.ts'
import { type FunctionRelease, startDeployed } from './release.ts'
import type { Sts } from './sts.ts'
import type { FunctionTemplate } from './template.ts'
import { timerEvent } from './timer-trigger.ts'

/** What Function Compute is started with. */
export interface FunctionComputeOptions {
  readonly account: Account
  readonly sts: Sts
  readonly mnsEndpoint: string
  /** The functions to deploy, by name. */
  readonly templates: Readonly<Record<string, FunctionTemplate>>
  /** Their versions and aliases, where somebody else deploys; as a deployment leaves them if left out. */
  readonly releases?: Readonly<Record<string, FunctionRelease>>
  /** Instances of one function that run at the same time at most. */
  readonly concurrency?: number
  /** The longest that a trigger waits for a batch to fill, ms, for tests in a hurry. */
  readonly maxWindowMs?: number
  /** Port of the HTTP trigger; a free one by default. */
  readonly port?: number
  readonly disturb?: Disturbance
  readonly retryPauseMs?: number
  /** Hears what the functions write to their output. */
  readonly write?: (text: string) => void
  /** Programs in place of the Node.js of the layers, by their names; the one that runs this if left out. */
  readonly layers?: Readonly<Record<string, string>>
}

/** Functions, deployed, with their triggers at work. */
export interface FunctionCompute {
  /** Address of the HTTP trigger. */
  readonly url: string
  readonly functions: Readonly<Record<string, EmulatedFunction>>
  /** The triggers of queues, by the names of these. */
  readonly queueTriggers: Readonly<Record<string, QueueTrigger>>
  /** Lets a timer trigger fire now. */
  readonly fire: (functionName: string, triggerName: string) => Promise<Outcome>
  readonly close: () => Promise<void>
}

/** Role under which EventBridge takes messages and pushes them. */
export const eventBridgeRole = 'event-bridge'

const thisNode = { Nodejs22: process.execPath, Nodejs24: process.execPath }

const undisturbed: Disturbance = (push) => push

const named = <Value>(record: Readonly<Record<string, Value>>, name: string): Value => {
  const value = record[name]
  if (value === undefined) throw new Error(`Nothing is called "${name}" here`)
  return value
}

/** Starts the functions of a template, and their triggers. */
export const startFunctionCompute = async (options: FunctionComputeOptions): Promise<FunctionCompute> => {
  const { account, sts, mnsEndpoint, templates, concurrency = 16, retryPauseMs = 1000 } = options
  const { layers = thisNode, write = () => undefined } = options
  const platform = { account, sts, write, layers }
  const functions = Object.fromEntries(
    Object.entries(templates).map(([name, template]) => {
      const release = options.releases?.[name] ?? startDeployed(template)
      return [name, deploy(platform, release, concurrency)]
    }),
  )
  const queuesAs = (role: string) =>
    mnsClient({ ...account, endpoint: mnsEndpoint, credentials: () => sts.assume(role) })
  const queues = queuesAs(eventBridgeRole)
  const sending = (client: ReturnType<typeof queuesAs>) => (queue: string, body: string) =>
    client.sendMessage(queue, Buffer.from(body).toString('base64'), 0)
  const queueTriggers: Record<string, QueueTrigger> = {}
  const asyncQueues: AsyncQueue[] = []
  let http: HttpListener | undefined
  for (const [name, template] of Object.entries(templates)) {
    const target = named(functions, name)
    const waiting = startAsyncQueue({ target, retryPauseMs, tell: sending(queuesAs(template.role)) })
    asyncQueues.push(waiting)
    if (template.hasHttpTrigger) http = await startHttpTrigger(target, account, options.port)
    for (const trigger of template.queueTriggers) {
      queueTriggers[trigger.queue] = startQueueTrigger(trigger, {
        account,
        consumer: mnsConsumer(queues, trigger.queue),
        send: sending(queues),
        target,
        waiting,
        disturb: options.disturb ?? undisturbed,
        retryPauseMs,
        maxWindowMs: options.maxWindowMs ?? Number.POSITIVE_INFINITY,
      })
    }
  }

  return {
    url: http?.url ?? '',
    functions,
    queueTriggers,
    fire: (functionName, triggerName) => {
      const payload = named(named(templates, functionName).timers, triggerName)
      return named(functions, functionName).invoke(timerEvent(triggerName, payload))
    },
    close: async () => {
      await http?.close()
      for (const each of [...Object.values(queueTriggers), ...asyncQueues]) each.stop()
      await Promise.all(Object.values(functions).map((each) => each.remove()))
    },
  }
}
