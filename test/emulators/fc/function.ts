import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { HttpRequest } from '../http-listener.ts'
import { type Account, type InvocationContext, contextOf, platformEnvironment } from './context.ts'
import { type Fault, type Instance, type Outcome, type Passed, startInstance } from './instance.ts'
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
  /** Runs it on an instance with room for it, on a new one if there may be more, or as soon as there is room. */
  readonly invoke: (event: Buffer) => Promise<Outcome>
  /** Passes on a request of an HTTP trigger; null where that becomes an event. */
  readonly pass: ((request: HttpRequest) => Promise<Passed | Fault>) | null
  readonly usage: () => FunctionUsage
  readonly resetUsage: () => void
  /** Ends every instance in the middle of whatever it does. */
  readonly kill: () => Promise<void>
  /** Ends every instance as the platform does when it is no longer needed. */
  readonly stop: () => Promise<void>
  /** Ends it, and removes its code. */
  readonly remove: () => Promise<void>
}

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
  readonly instance: Instance
  /** Requests that it has under way. */
  open: number
  /** When it began to have something to do; a reading of the monotonic clock, ms. */
  busySince: number
}

/** Starts instances of a function from a copy of its code. */
const starter = ({ account, sts, write, layers }: Platform, template: FunctionTemplate, code: string) => {
  const { name, handler, timeoutMs, memoryMb, role, customRuntime } = template
  const about = { name, handler, memory: memoryMb, timeout: timeoutMs / 1000 }
  const [file = '', exportName = ''] = handler.split('.')
  return {
    context: (): InvocationContext => contextOf(account, about, sts.assume(role)),
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

/** Deploys a function; `limit` instances run at the same time at most, or fewer if the template reserves fewer. */
export const deploy = (platform: Platform, template: FunctionTemplate, limit: number): EmulatedFunction => {
  const maxInstances = Math.min(limit, template.reservedConcurrency ?? limit)
  const perInstance = template.customRuntime?.concurrency ?? 1
  // Deployed is a copy, out of reach of every `node_modules`: what a bundle lacks must be missed here.
  const code = mkdtempSync(join(tmpdir(), `${template.name}-`))
  cpSync(template.code, code, { recursive: true })
  const { start, context } = starter(platform, template, code)
  let all: Pooled[] = []
  const waiting: (() => void)[] = []
  let usage = noUsage

  const startOne = (): Pooled => {
    usage = { ...usage, coldStarts: usage.coldStarts + 1 }
    const started = { instance: start(), open: 0, busySince: 0 }
    all.push(started)
    return started
  }

  const find = (): Pooled | undefined => {
    all = all.filter(({ instance, open }) => open > 0 || instance.isAlive())
    const free = all.find(({ instance, open }) => open < perInstance && instance.isAlive())
    return free ?? (all.length < maxInstances ? startOne() : undefined)
  }

  const take = async (): Promise<Pooled> => {
    for (;;) {
      const found = find()
      if (found) {
        if (found.open === 0) found.busySince = performance.now()
        found.open += 1
        return found
      }
      await new Promise<void>((resolve) => waiting.push(resolve))
    }
  }

  const use = async <Value>(work: (instance: Instance) => Promise<Value>): Promise<Value> => {
    const taken = await take()
    try {
      return await work(taken.instance)
    } finally {
      taken.open -= 1
      const busyMs = taken.open === 0 ? performance.now() - taken.busySince : 0
      usage = { ...usage, invocations: usage.invocations + 1, ms: usage.ms + busyMs }
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
    invoke: (event) => use((instance) => instance.invoke(event, context())),
    pass: template.customRuntime
      ? (request) =>
          use((instance) => {
            if (!instance.pass) throw new Error('An instance of a custom runtime takes requests')
            return instance.pass(request, context())
          })
      : null,
    usage: () => usage,
    resetUsage: () => {
      usage = noUsage
    },
    kill,
    stop: () => endAll((instance) => instance.stop()),
    remove: async () => {
      await kill()
      rmSync(code, { recursive: true, force: true })
    },
  }
}
