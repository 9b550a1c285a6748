import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Account, contextOf, platformEnvironment } from './context.ts'
import { type Instance, type Outcome, startInstance } from './instance.ts'
import type { Sts } from './sts.ts'
import type { FunctionTemplate } from './template.ts'

/** What a bill would count of a function. */
export interface FunctionUsage {
  readonly invocations: number
  /** Invocations that had to start an instance. */
  readonly coldStarts: number
  /** Time of all invocations together, ms. */
  readonly ms: number
}

/** A function with its instances. */
export interface EmulatedFunction {
  readonly name: string
  readonly template: FunctionTemplate
  /** Runs it on a free instance, on a new one if there is room for it, or as soon as one gets free. */
  readonly invoke: (event: Buffer) => Promise<Outcome>
  readonly usage: () => FunctionUsage
  readonly resetUsage: () => void
  /** Ends every instance in the middle of whatever it does. */
  readonly kill: () => Promise<void>
  /** Ends it, and removes its code. */
  readonly remove: () => Promise<void>
}

/** What functions are deployed into. */
export interface Platform {
  readonly account: Account
  readonly sts: Sts
  readonly write: (text: string) => void
}

const noUsage: FunctionUsage = { invocations: 0, coldStarts: 0, ms: 0 }

/** Deploys a function; `limit` instances run at the same time at most, or fewer if the template reserves fewer. */
export const deploy = (
  { account, sts, write }: Platform,
  template: FunctionTemplate,
  limit: number,
): EmulatedFunction => {
  const { name, handler, timeoutMs, memoryMb, role, environment } = template
  const concurrency = Math.min(limit, template.reservedConcurrency ?? limit)
  const about = { name, handler, memory: memoryMb, timeout: timeoutMs / 1000 }
  // Deployed is a copy, out of reach of every `node_modules`: what a bundle lacks must be missed here.
  const code = mkdtempSync(join(tmpdir(), `${name}-`))
  cpSync(template.code, code, { recursive: true })
  const [file = '', exportName = ''] = handler.split('.')
  const idle: Instance[] = []
  const all = new Set<Instance>()
  const waiting: (() => void)[] = []
  let usage = noUsage

  const start = (): Instance => {
    usage = { ...usage, coldStarts: usage.coldStarts + 1 }
    const instance = startInstance(
      {
        program: join(code, `${file}.mjs`),
        exportName,
        timeoutMs,
        environment: { ...environment, ...platformEnvironment(account, about, sts.assume(role)) },
      },
      write,
    )
    all.add(instance)
    return instance
  }

  const take = async (): Promise<Instance> => {
    for (;;) {
      const warm = idle.pop()
      if (warm?.isAlive()) return warm
      if (warm) all.delete(warm)
      else if (all.size < concurrency) return start()
      else await new Promise<void>((resolve) => waiting.push(resolve))
    }
  }

  const giveBack = (instance: Instance): void => {
    if (instance.isAlive()) idle.push(instance)
    else all.delete(instance)
    waiting.shift()?.()
  }

  const kill = async (): Promise<void> => {
    await Promise.all([...all].map((instance) => instance.kill()))
  }

  return {
    name,
    template,
    invoke: async (event) => {
      const instance = await take()
      const from = performance.now()
      try {
        return await instance.invoke(event, contextOf(account, about, sts.assume(role)))
      } finally {
        const { invocations, ms } = usage
        usage = { ...usage, invocations: invocations + 1, ms: ms + performance.now() - from }
        giveBack(instance)
      }
    },
    usage: () => usage,
    resetUsage: () => {
      usage = noUsage
    },
    kill,
    remove: async () => {
      await kill()
      rmSync(code, { recursive: true, force: true })
    },
  }
}
