/** A list price. */
interface Price {
  readonly usd: number
  /** Where it was read, and when that page was changed last, as far as it says so. */
  readonly page: string
  readonly date: string
}

const fcPage = 'Function Compute 3.0, "Pay-as-you-go billing" (first tier)'
const fcDate = '2025'

/**
 * List prices in USD, pay-as-you-go, Chinese mainland, as the manuals gave them. Prices change: look them up before you
 * rely on a sum.
 */
export const prices = {
  /** A CU of Function Compute; what makes one is in `computeUnits`. */
  computeCu: { usd: 0.000_02, page: fcPage, date: fcDate },
  /** An event of up to 64 KB that EventBridge takes from a queue to a function. */
  event: { usd: 0.41 / 1_000_000, page: 'EventBridge, "Billing of event streams"', date: '2026-03-11' },
  /** A read CU of Tablestore, high-performance instance. */
  readCu: { usd: 0.003 / 10_000, page: 'Tablestore, "Billing examples"', date: '2018' },
  /** A write CU. No manual gave it: twice as much as a read is assumed. */
  writeCu: { usd: 0.006 / 10_000, page: 'none: an assumption', date: '' },
  /** A queue for a day. The first 20 million requests of a month are free. */
  queueDay: { usd: 0.08, page: 'Simple Message Queue, "Billing overview"', date: '2026-03' },
} as const satisfies Readonly<Record<string, Price>>

/** What makes a CU of Function Compute (same page as its price). */
export const computeUnits = {
  invocation: 75 / 10_000,
  vcpuSecond: 1,
  memoryGbSecond: 0.15,
  diskGbSecond: 0.05,
}

const daysPerMonth = 30

/** What is paid for a month in which nothing runs. `usd` null: no page gave its price. */
export interface FixedCost {
  readonly what: string
  readonly usd: number | null
}

/** The fixed part of the bill of a month, for so many queues, those for dead letters included. */
export const fixedPerMonth = (queues: number): readonly FixedCost[] => [
  { what: `${queues} queues`, usd: queues * daysPerMonth * prices.queueDay.usd },
  { what: 'KMS instance (none with passwords in environment variables): see its price list', usd: null },
  { what: 'logs, by their volume: see the price list of Simple Log Service', usd: null },
]
