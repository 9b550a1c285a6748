import { setTimeout as sleep } from 'node:timers/promises'
import { eventBridgeRole } from '../emulators/fc/platform.ts'
import { type CloudService } from '../support/cloud-service.ts'
import { ask } from '../support/service.ts'

/** Invocations of a function and their time, as Function Compute bills them. */
export interface BilledFunction {
  readonly name: string
  readonly invocations: number
  readonly seconds: number
  readonly vcpu: number
  readonly memoryGb: number
  readonly diskGb: number
}

/** Requests of one kind to the queues, to the tables or to KMS. */
export interface BilledRequests {
  readonly service: 'Simple Message Queue' | 'Tablestore' | 'KMS'
  /** Who asks: the functions, or the trigger that stands between queue and function. */
  readonly by: 'functions' | 'trigger'
  readonly action: string
  readonly requests: number
  readonly readCu: number
  readonly writeCu: number
}

/** All that is billed for what happened in a span of time. */
export interface Bill {
  readonly functions: readonly BilledFunction[]
  readonly requests: readonly BilledRequests[]
  /** Messages that EventBridge pushed. */
  readonly events: number
}

const kiB = 1024
const lookAgainMs = 50

/** Counts from now on, until the bill is asked for. */
export const startCounting = ({ compute, mns, tablestore, openApi }: CloudService): (() => Bill) => {
  const functions = Object.values(compute.functions)
  const triggers = Object.values(compute.queueTriggers)
  const queueRequests = new Map<string, BilledRequests>()
  mns.onRequest(({ principal, action }) => {
    // How often EventBridge looks into an empty queue is not known: what brought messages is counted below.
    if (action === 'BatchReceiveMessage') return undefined
    const by = principal === eventBridgeRole ? 'trigger' : 'functions'
    const known = queueRequests.get(`${by} ${action}`)
    queueRequests.set(`${by} ${action}`, {
      service: 'Simple Message Queue',
      by,
      action,
      requests: (known?.requests ?? 0) + 1,
      readCu: 0,
      writeCu: 0,
    })
    return undefined
  })
  tablestore.resetUsage()
  for (const each of [...functions, ...triggers]) each.resetUsage()
  const secretsBefore = openApi.usage['GetSecretValue'] ?? 0

  return () => ({
    functions: functions.map((each) => ({
      name: each.name,
      invocations: each.usage().invocations,
      seconds: each.usage().ms / 1000,
      vcpu: each.template.vcpu,
      memoryGb: each.template.memoryMb / kiB,
      diskGb: each.template.diskMb / kiB,
    })),
    requests: [
      ...queueRequests.values(),
      {
        service: 'Simple Message Queue',
        by: 'trigger',
        action: 'BatchReceiveMessage',
        requests: triggers.reduce((sum, each) => sum + each.usage().receives, 0),
        readCu: 0,
        writeCu: 0,
      },
      ...Object.entries(tablestore.usage().operations).map(([action, { requests, read, write }]) => ({
        service: 'Tablestore' as const,
        by: 'functions' as const,
        action,
        requests,
        readCu: read,
        writeCu: write,
      })),
      {
        service: 'KMS',
        by: 'functions',
        action: 'GetSecretValue',
        requests: (openApi.usage['GetSecretValue'] ?? 0) - secretsBefore,
        readCu: 0,
        writeCu: 0,
      },
    ],
    events: triggers.reduce((sum, each) => sum + each.usage().events, 0),
  })
}

/** Runs a precheck without waiting for it in a request, and resolves when nothing of it is left: its deadline message has passed too. */
export const runAlone = async (service: CloudService, instanceId: string): Promise<void> => {
  const { status } = await ask(service, 'POST', `/v1/instances/${instanceId}/prechecks`)
  if (status !== 202) throw new Error(`The precheck was not started: ${status}`)
  const queues = Object.keys(service.compute.queueTriggers)
  while (queues.some((queue) => service.mns.bodies(queue).length > 0)) await sleep(lookAgainMs)
}
