import type { RememberDeps } from '../../shared/flows/prechecks/remember.ts'

/** For prechecks without an item that needs a memory. */
export const noMemory: RememberDeps = {
  instances: { get: async () => null },
  memories: { get: async () => null, put: async () => false },
  currentPolicies: async () => [],
}
