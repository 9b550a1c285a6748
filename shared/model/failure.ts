import type { Text } from './message.ts'

/** Every reason for which a use case declines; stable, part of the API. */
export type FailureCode =
  | 'INSTANCE_NOT_FOUND'
  | 'INSTANCE_CHANGED'
  | 'NOT_VALIDATED'
  | 'PRECHECK_NOT_FOUND'
  | 'NO_LAST_RESULT'
  | 'PRECHECK_RUNNING'
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'CHECK_ITEM_NOT_APPLICABLE'
  | 'CHECK_ITEM_NOT_FOUND'
  | 'DATABASE_NOT_FOUND'
  | 'SECRET_REFUSED'
  | 'TOKEN_NOT_FOUND'
  | 'SESSION_NOT_FOUND'
  | 'SESSION_NOT_RENEWED'
  | 'LAST_ADMIN_TOKEN'
  | 'ACKNOWLEDGEMENT_NOT_FOUND'
  | 'ACKNOWLEDGEMENT_INVALID'
  | 'BACKUP_REPORTED_OTHERWISE'
  | 'POLICY_NOT_FOUND'
  | 'POLICY_CHANGED'
  | 'POLICIES_TOO_MANY'
  | 'SWEEP_NOT_FOUND'
  | 'WEBHOOK_NOT_FOUND'
  | 'WEBHOOK_CHANGED'
  | 'WEBHOOK_DISABLED'
  | 'WEBHOOK_REFUSED'
  | 'WEBHOOK_NOT_SIGNED'
  | 'WEBHOOKS_TOO_MANY'
  | 'WEBHOOK_KEY_UNAVAILABLE'
  | 'DELIVERY_NOT_FOUND'
  | 'DELIVERY_PENDING'

/** What to do about a failure; one that is not in every language yet, or is the same in all, is a string. */
export type Detail = Text | string

export const inEveryLanguage = (detail: Detail): Text =>
  typeof detail === 'string' ? { en: detail, zh: detail } : detail

/** One field of a request that is not valid: where it is and what is wrong with it. */
export interface FieldError {
  readonly field: string
  readonly message: Text
}

/** Why something was declined, as a typed value. `detail` says what to do; `context` holds ids a program needs. */
export interface Failure<Code extends string> {
  readonly code: Code
  readonly detail: Detail
  readonly context?: Readonly<Record<string, string>>
  readonly errors?: readonly FieldError[]
}

/** A result without a value. */
export interface Declined<Code extends string> {
  readonly failure: Failure<Code>
}

/**
 * What a use case came to: its value, or why it declined. Exceptions are for faults, not for this. `Code` is the union
 * of the codes of this very use case: the routes of the API are held to document each of them.
 */
export type Result<Value, Code extends string> = { readonly value: Value } | Declined<Code>

/** Declines. */
export const decline = <const Code extends FailureCode>(
  code: Code,
  detail: Detail,
  context?: Readonly<Record<string, string>>,
): Declined<Code> => ({ failure: { code, detail, ...(context && { context }) } })

/** Declines what is asked of an instance that is not registered. */
export const unknownInstance = (instanceId: string): Declined<'INSTANCE_NOT_FOUND'> =>
  decline('INSTANCE_NOT_FOUND', {
    en: `No instance is registered as ${instanceId}.`,
    zh: `没有注册实例 ${instanceId}。`,
  })

/** What was looked for, or why there is none. */
export const found = <Value, Code extends string>(
  value: Value | null,
  missing: Declined<Code>,
): Result<Value, Code> => (value === null ? missing : { value })

/** Goes on with the value of a result. A failure stays what it is. */
export const andThen = <Value, Code extends string, Next>(
  result: Result<Value, Code>,
  next: (value: Value) => Next,
): Declined<Code> | Next => ('failure' in result ? result : next(result.value))
