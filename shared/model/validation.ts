import * as z from 'zod'
import { Message } from './message.ts'

/** Id of a validation. */
export const ValidationId = z.string().regex(/^val_[0-9a-f]{16}$/)
export type ValidationId = z.infer<typeof ValidationId>

/** Characters of the account of a login; a name and a host, of which MySQL allows 32 (MariaDB 128) and 255. */
export const maxAccount = 512

/** What the service found out about a login. */
export const ValidationResult = z.strictObject({
  /** Why the instance could not be asked; null if it could. */
  problem: Message.nullable(),
  /** Names of privileges that the essential check items need and the login does not have. */
  missing: z.array(z.string()),
  /** Those that only other items of the instance need; left out where there are none. */
  missingBeyond: z.array(z.string()).min(1).optional(),
  /** As whom the server sees the login, where that is more than its name and a right is missing. */
  account: z.string().min(1).max(maxAccount).optional(),
})
export type ValidationResult = Readonly<z.infer<typeof ValidationResult>>

/** The last validation of an instance that was asked for. */
export const Validation = z.strictObject({
  id: ValidationId,
  /** UTC. */
  requestedAt: z.iso.datetime(),
  /** UTC. Without a result by this time there will be none. */
  deadlineAt: z.iso.datetime(),
  /** Null as long as it is awaited. */
  result: ValidationResult.nullable(),
})
export type Validation = Readonly<z.infer<typeof Validation>>

/** True while a result may still come. */
export const isAwaited = ({ result, deadlineAt }: Validation, now: Date): boolean =>
  result === null && Date.parse(deadlineAt) > now.getTime()
