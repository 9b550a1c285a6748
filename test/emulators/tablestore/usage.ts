import type { Units } from './capacity.ts'

/** Requests that reached the service, and the capacity units that they consumed. */
interface OperationUsage extends Units {
  readonly requests: number
}

/** What a bill would count, in all and by operation (`PutRow`, `GetRange` …). */
export interface Usage extends OperationUsage {
  readonly operations: Readonly<Record<string, OperationUsage>>
}

export interface UsageCounter {
  request(operation: string): void
  charge(operation: string, units: Units): void
  usage(): Usage
  reset(): void
}

const nothing: OperationUsage = { requests: 0, read: 0, write: 0 }

const add = (left: OperationUsage, right: OperationUsage): OperationUsage => ({
  requests: left.requests + right.requests,
  read: left.read + right.read,
  write: left.write + right.write,
})

export const usageCounter = (): UsageCounter => {
  const operations = new Map<string, OperationUsage>()
  const count = (operation: string, more: OperationUsage): void => {
    operations.set(operation, add(operations.get(operation) ?? nothing, more))
  }
  return {
    request: (operation) => count(operation, { ...nothing, requests: 1 }),
    charge: (operation, units) => count(operation, { ...units, requests: 0 }),
    usage: () => ({
      ...[...operations.values()].reduce(add, nothing),
      operations: Object.fromEntries(operations),
    }),
    reset: () => operations.clear(),
  }
}
