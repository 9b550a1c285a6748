/** Every reason for which a use case declines; stable, part of the API. */
export type FailureCode =
  | 'INSTANCE_NOT_FOUND'
  | 'INSTANCE_CHANGED'
  | 'PRECHECK_NOT_FOUND'
  | 'NO_LAST_RESULT'
  | 'PRECHECK_RUNNING'
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'CHECK_ITEM_NOT_APPLICABLE'
  | 'DATABASE_NOT_FOUND'
  | 'TOKEN_NOT_FOUND'
  | 'ACKNOWLEDGEMENT_NOT_FOUND'
  | 'ACKNOWLEDGEMENT_INVALID'
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

/** Why a use case declined, as a typed value. `detail` says what to do; `context` holds ids a program needs. */
export interface Failure {
  readonly code: FailureCode
  readonly detail: string
  readonly context?: Readonly<Record<string, string>>
}

/** What a use case came to: its value, or why it declined. Exceptions are for faults, not for this. */
export type Result<Value> = { readonly value: Value } | { readonly failure: Failure }

/** Declines. */
export const decline = (
  code: FailureCode,
  detail: string,
  context?: Readonly<Record<string, string>>,
): { readonly failure: Failure } => ({ failure: { code, detail, ...(context && { context }) } })

/** Declines what is asked of an instance that is not registered. */
export const unknownInstance = (instanceId: string): { readonly failure: Failure } =>
  decline('INSTANCE_NOT_FOUND', `No instance is registered as ${instanceId}.`)
