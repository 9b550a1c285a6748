import type { Policy } from '../model/policy.ts'
import { listAll } from '../ports/documents.ts'
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
