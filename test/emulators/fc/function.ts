import { join } from 'node:path'
import type { HttpRequest } from '../http-listener.ts'
import { type Account, type InvocationContext, contextOf, platformEnvironment } from './context.ts'
import { type Fault, type Instance, type Outcome, type Passed, startInstance } from './instance.ts'
import type { FunctionRelease, Snapshot } from './release.ts'
import { startServerInstance } from './server-instance.ts'
import type { Sts } from './sts.ts'
import type { FunctionTemplate } from './template.ts'

/** What a bill would count of a function. */
export interface FunctionUsage {
  readonly invocations: number
  /** Invocations that had to start an instance. */
  readonly coldStarts: number
  /** Time for which instances had something to do, ms: what they do at the same time counts once for each instance. */
  readonly ms: number
}

/** A function with its instances. */
export interface EmulatedFunction {
  readonly name: string
  readonly template: FunctionTemplate
  readonly release: FunctionRelease
  /** Invocations that were done, by version. */
  readonly served: () => Readonly<Record<string, number>>
  /** Runs what its triggers name on an instance with room for it, on a new one if there may be more, or as soon as there is room. */
  readonly invoke: (event: Buffer) => Promise<Outcome>
  /** Passes on a request of an HTTP trigger; null where that becomes an event. */
  readonly pass: ((request: HttpRequest) => Promise<Passed | Fault>) | null
  /** Refuses so many of the next invocations, as the platform does above its limits, with status 429. */
  readonly throttle: (invocations: number) => void
  readonly usage: () => FunctionUsage
  readonly resetUsage: () => void
  /** Ends every instance in the middle of whatever it does. */
  readonly kill: () => Promise<void>
  /** Ends every instance as the platform does when it is no longer needed. */
  readonly stop: () => Promise<void>
  /** Ends it, and removes its code. */
  readonly remove: () => Promise<void>
}

/** Of an invocation that found no instance, and may be made again ("Error codes": 429 ResourceThrottled, Function Compute manual). */
export const throttledError = 'ResourceThrottled'

const throttled: Outcome = { errorType: throttledError, errorMessage: 'The limit of instances is reached' }

/** What functions are deployed into. */
export interface Platform {
  readonly account: Account
  readonly sts: Sts
  readonly write: (text: string) => void
  /** Programs that stand in for the Node.js of the layers, by their names. */
  readonly layers: Readonly<Record<string, string>>
}

const noUsage: FunctionUsage = { invocations: 0, coldStarts: 0, ms: 0 }

/** An instance in the pool of its function. */
interface Pooled {
  readonly version: Snapshot
  readonly instance: Instance
  /** Requests that it has under way. */
  open: number
  /** When it began to have something to do; a reading of the monotonic clock, ms. */
  busySince: number
}

/** Starts instances of a version, and tells them what they are. */
const starter = (
  { account, sts, write, layers }: Platform,
  { versionId, template }: Snapshot,
  qualifier: string,
) => {
  const { name, handler, timeoutMs, memoryMb, role, customRuntime, code } = template
  const about = { name, handler, memory: memoryMb, timeout: timeoutMs / 1000 }
  const [file = '', exportName = ''] = handler.split('.')
  return {
    context: (): InvocationContext => contextOf(account, about, { qualifier, versionId }, sts.assume(role)),
    start: (): Instance => {
      const environment = {
        ...template.environment,
        ...platformEnvironment(account, about, sts.assume(role)),
      }
      const common = { environment, timeoutMs }
      return customRuntime
        ? startServerInstance({ ...common, folder: code, runtime: customRuntime, layers }, write)
        : startInstance({ ...common, program: join(code, `${file}.mjs`), exportName }, write)
    },
  }
}

/**
 * Runs a function as its triggers name it; `limit` instances at the same time at most, of all versions together, or
 * fewer if the template reserves fewer.
 */
export const deploy = (platform: Platform, release: FunctionRelease, limit: number): EmulatedFunction => {
  const { template } = release.latest()
  const { qualifier } = template
  const maxInstances = Math.min(limit, template.reservedConcurrency ?? limit)
  let all: Pooled[] = []
  const waiting: (() => void)[] = []
  let usage = noUsage
  let refusals = 0
  const served: Record<string, number> = {}

  const startOne = (version: Snapshot): Pooled => {
    usage = { ...usage, coldStarts: usage.coldStarts + 1 }
    const instance = starter(platform, version, qualifier).start()
    const started = { version, instance, open: 0, busySince: 0 }
    all.push(started)
    return started
  }

  /** Whether there is room for one more instance; one of another version that does nothing makes room. */
  const hasRoom = (): boolean => {
    if (all.length < maxInstances) return true
    const idle = all.find(({ open }) => open === 0)
    all = all.filter((each) => each !== idle)
    void idle?.instance.stop()
    return idle !== undefined
  }

  const find = (version: Snapshot): Pooled | undefined => {
    const perInstance = version.template.customRuntime?.concurrency ?? 1
    all = all.filter(({ instance, open }) => open > 0 || instance.isAlive())
    const own = all.filter(
      ({ version: { versionId, template: of } }) =>
        versionId === version.versionId && of === version.template,
    )
    const free = own.find(({ instance, open }) => open < perInstance && instance.isAlive())
    return free ?? (hasRoom() ? startOne(version) : undefined)
  }

  const take = async (version: Snapshot): Promise<Pooled> => {
    for (;;) {
      const found = find(version)
      if (found) {
        if (found.open === 0) found.busySince = performance.now()
        found.open += 1
        return found
      }
      await new Promise<void>((resolve) => waiting.push(resolve))
    }
  }

  const use = async <Value>(
    work: (instance: Instance, context: InvocationContext) => Promise<Value>,
  ): Promise<Value> => {
    const version = release.next(qualifier)
    const taken = await take(version)
    try {
      return await work(taken.instance, starter(platform, version, qualifier).context())
    } finally {
      taken.open -= 1
      const busyMs = taken.open === 0 ? performance.now() - taken.busySince : 0
      usage = { ...usage, invocations: usage.invocations + 1, ms: usage.ms + busyMs }
      served[version.versionId] = (served[version.versionId] ?? 0) + 1
      waiting.shift()?.()
    }
  }

  const endAll = async (end: (instance: Instance) => Promise<void>): Promise<void> => {
    await Promise.all(all.map(({ instance }) => end(instance)))
  }
  const kill = (): Promise<void> => endAll((instance) => instance.kill())

  return {
    name: template.name,
    template,
    release,
    served: () => served,
    invoke: async (event) => {
      if (refusals > 0) {
        refusals -= 1
        return throttled
      }
      return use((instance, context) => instance.invoke(event, context))
    },
    pass: template.customRuntime
      ? (request) =>
          use((instance, context) => {
            if (!instance.pass) throw new Error('An instance of a custom runtime takes requests')
            return instance.pass(request, context)
          })
      : null,
    throttle: (invocations) => {
      refusals = invocations
    },
    usage: () => usage,
    resetUsage: () => {
      usage = noUsage
    },
    kill,
    stop: () => endAll((instance) => instance.stop()),
    remove: async () => {
      await kill()
      release.remove()
    },
  }
}
