import type { Policy } from '../model/policy.ts'
import { listAll, updating } from '../ports/documents.ts'
import type { Policies } from '../ports/policies.ts'
import type { SteadyClock } from '../ports/steady-clock.ts'

/** For so long, ms, the policies that were read hold for prechecks that start: nights start many a second. */
const keptForMs = 60_000

/** Reads the policies, and reads them again when they are older than a minute. A read that fails is not kept. */
export const keptPolicies = (
  policies: Pick<Policies, 'list'>,
  steady: SteadyClock,
): (() => Promise<readonly Policy[]>) => {
  let read: { readonly policies: Promise<readonly Policy[]>; readonly untilMs: number } | null = null
  return () => {
    const nowMs = steady.ms()
    if (read && nowMs < read.untilMs) return read.policies
    const reading = listAll(policies)
    read = { policies: reading, untilMs: nowMs + keptForMs }
    reading.catch(() => {
      read = null
    })
    return reading
  }
}

/**
 * Policies that this process alone writes, and the way to all of them as they are now: they are read anew after each
 * write, and not for each precheck.
 */
export const ownPolicies = (
  policies: Policies,
): { readonly policies: Policies; readonly currentPolicies: () => Promise<readonly Policy[]> } => {
  let read: Promise<readonly Policy[]> | null = null
  /** A read that began before the write had ended may be of before it. */
  const thenForget = async <Value>(writing: Promise<Value>): Promise<Value> => {
    try {
      return await writing
    } finally {
      read = null
    }
  }
  const put: Policies['put'] = (...written) => thenForget(policies.put(...written))
  return {
    policies: {
      ...policies,
      put,
      update: updating({ get: policies.get, put }),
      remove: (key) => thenForget(policies.remove(key)),
    },
    currentPolicies: () => {
      if (read) return read
      const reading = listAll(policies)
      read = reading
      reading.catch(() => {
        read = null
      })
      return reading
    },
  }
}
