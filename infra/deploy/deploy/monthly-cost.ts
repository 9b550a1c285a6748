import { queueSchemas } from '../plan/queues.ts'

/** List price of a queue that exists, USD a day ("Billing", Simple Message Queue; mainland China, 2026-06). */
const queuePerDay = 0.08

const daysOfMonth = 30

/** What the service costs in a month in which nothing is checked, USD; without a KMS instance and stored logs. */
export const fixedMonthlyUsd = queueSchemas.length * queuePerDay * daysOfMonth
