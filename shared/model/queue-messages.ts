import * as z from 'zod'
import { Deadline } from './deadline.ts'
import { EffectivePolicy } from './effective-policy.ts'
import { CheckItemId } from './finding.ts'
import { InstanceId, Target } from './instance.ts'
import { ItemResult } from './item-result.ts'
import { PrecheckId } from './precheck.ts'
import { ValidationId, ValidationResult } from './validation.ts'

/**
 * Queue `checks`: run a check item, or all database items of a precheck over one connection, or all items of the host
 * by one command (`together`). Holds all that `run-check` needs, since that function has no access to tables;
 * credentials are references.
 */
export const CheckMessage = z.strictObject({
  precheckId: PrecheckId,
  checkItem: CheckItemId,
  /**
   * Items that are asked after this one over its connection, or by its command, and those of a host that nobody
   * registered, which end with it unasked; left out where it is asked alone.
   */
  together: z.array(CheckItemId).min(1).optional(),
  /** Database items that wait for this one to reach the database: each of them logs in by itself, so that none does in vain. */
  followers: z.array(CheckItemId).min(1).optional(),
  /** Those that wait as well, and are then asked over one connection. */
  followersTogether: z.array(CheckItemId).min(1).optional(),
  /** Every item of the same precheck, since what this one depends on may be among them. Left out: all of the engine. */
  siblings: z.array(CheckItemId).optional(),
  target: Target,
  /** Left out where no policy says anything. */
  policy: EffectivePolicy.optional(),
  /** Time limit of one item in ms. */
  limitMs: z.int().positive(),
  /** That of the precheck. */
  ...Deadline,
  /** In a message that came back: the command on the ECS instance whose answer is awaited, and when the item began (UTC). */
  awaited: z.strictObject({ invocationId: z.string().min(1), startedAt: z.iso.datetime() }).optional(),
})
export type CheckMessage = Readonly<z.infer<typeof CheckMessage>>

/** Queue `checks` too: find out whether the login of an instance works and has every privilege that its check items need. */
export const ValidateMessage = z.strictObject({
  kind: z.literal('validate'),
  validationId: ValidationId,
  target: Target,
  /** Time limit in ms. */
  limitMs: z.int().positive(),
})
export type ValidateMessage = Readonly<z.infer<typeof ValidateMessage>>

/** All that travels in the queue `checks`: what needs a login. */
export const LoginMessage = z.union([CheckMessage, ValidateMessage])
export type LoginMessage = CheckMessage | ValidateMessage

/** A page of a large result on its way to the collector: its name, and its contents (JSON, compressed by brotli) in base64. */
const SentPage = z.strictObject({ name: z.string().min(1), packed: z.string() })

/** Queue `results`: one item ended. */
export const ItemMessage = z.strictObject({
  kind: z.literal('result'),
  precheckId: PrecheckId,
  result: ItemResult,
  /** Of a result that is too large for one document; left out where it is not. */
  pages: z.array(SentPage).min(1).optional(),
})
export type ItemMessage = Readonly<z.infer<typeof ItemMessage>>

/** Queue `results`: one item ended, the deadline of a precheck came (sent at its start, delivered at the deadline), or an instance was validated. */
export const ResultMessage = z.discriminatedUnion('kind', [
  ItemMessage,
  z.strictObject({ kind: z.literal('deadline'), precheckId: PrecheckId }),
  z.strictObject({
    kind: z.literal('validation'),
    validationId: ValidationId,
    instanceId: InstanceId,
    result: ValidationResult,
  }),
])
export type ResultMessage = Readonly<z.infer<typeof ResultMessage>>

/** What concerns a precheck. */
export type PrecheckMessage = Exclude<ResultMessage, { readonly kind: 'validation' }>
