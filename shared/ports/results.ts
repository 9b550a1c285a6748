import type { PreviousResult } from '../model/comparison.ts'
import type { Page, PageRequest } from '../model/page.ts'
import type { CompletedPrecheck, Precheck, RunningPrecheck } from '../model/precheck.ts'
import type { CheckMessage } from '../model/queue-messages.ts'
import type { InstanceStanding } from '../model/standing.ts'
import type { Pages } from './pages.ts'

/** Identifies a request that may be repeated: its `Idempotency-Key` and the SHA-256 (hex) of what it asked for. */
export interface RepeatableRequest {
  readonly key: string
  readonly requestHash: string
}

/** What became of an attempt to create a precheck. */
export type Creation =
  | { readonly kind: 'created' }
  /** Another precheck of the instance is still running. */
  | { readonly kind: 'running'; readonly precheckId: string }
  /** The same request made this precheck before. */
  | { readonly kind: 'repeated'; readonly precheckId: string }
  /** The key was used for another request. */
  | { readonly kind: 'key-reused'; readonly precheckId: string }

/** A precheck and the number of times it was written, from 1. */
export interface StoredPrecheck<Stored extends Precheck = Precheck> {
  readonly precheck: Stored
  readonly revision: number
}

/** A precheck is larger than what the store can hold; nothing was written. */
export class DocumentTooLarge extends Error {
  override readonly name = 'DocumentTooLarge'
}

/** A precheck that is to begin, with its messages. Delays in whole seconds from now. */
export interface Beginning {
  readonly precheck: RunningPrecheck
  readonly request: RepeatableRequest | null
  readonly checks: readonly CheckMessage[]
  /** Until its check items may begin. */
  readonly delaySeconds: number
  /** Until the message that ends it, whatever happened. */
  readonly deadlineSeconds: number
}

/**
 * Creates a precheck as `Results.create` does and sends its messages, those of its check items only if it was created.
 * A crash in between leaves no precheck that never ends. May be repeated.
 */
export type BeginPrecheck = (beginning: Beginning) => Promise<Creation>

/** Keeps prechecks with their pages, the last result of every instance, and the history. A resolved write is durable. Writes may reject with `DocumentTooLarge`. */
export interface Results extends Pages {
  /**
   * Writes a new precheck, unless one of the instance is running or the request is a repeat. One that was created
   * before, and runs or has ended, counts as created and stays as it is.
   */
  readonly create: (precheck: RunningPrecheck, request: RepeatableRequest | null) => Promise<Creation>
  readonly get: (precheckId: string) => Promise<StoredPrecheck | null>
  /**
   * Replaces a running precheck if it is still at `revision`; tells whether it did. The write may be lost with the
   * machine, unless something is durable that was written after it: that the message it came of is done, say.
   */
  readonly advance: (precheck: RunningPrecheck, revision: number) => Promise<boolean>
  /**
   * Ends a running precheck if it is still at `revision`; tells whether it did. Then the instance is free for another
   * precheck, and a full precheck is its last result unless a younger one is.
   */
  readonly complete: (precheck: CompletedPrecheck, revision: number) => Promise<boolean>
  /** Names of the pages of a precheck, also of those that its document does not name. */
  readonly pageNames: (precheckId: string) => Promise<readonly string[]>
  readonly last: (instanceId: string) => Promise<CompletedPrecheck | null>
  /** What a new result is compared with: the last result, without all that is in it. */
  readonly previous: (instanceId: string) => Promise<PreviousResult | null>
  /**
   * How the instances stand, in the order of their ids, without reading their results. Left out are those that were
   * never prechecked, and not those that are no longer registered. A page may hold more than it was asked for.
   */
  readonly standings: (page: PageRequest) => Promise<Page<InstanceStanding>>
  /** Prechecks of an instance, newest first. */
  readonly history: (instanceId: string, page: PageRequest) => Promise<Page<Precheck>>
}
