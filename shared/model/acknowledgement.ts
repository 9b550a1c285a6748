import * as z from 'zod'
import { CheckItemId } from './finding.ts'

export const AcknowledgementId = z.string().regex(/^ack_[0-9a-f]{16}$/)

const Known = {
  checkItem: CheckItemId,
  /** Left out: every finding of the check item. As the engine reports the name, unquoted. */
  database: z.string().min(1).max(128).optional(),
  /** Why the finding is accepted for now. */
  reason: z.string().min(1).max(512),
  author: z.string().min(1).max(128),
  /** UTC. From then on the finding counts again. */
  expiresAt: z.iso.datetime(),
}

/** What a person says of a known finding. */
export const AcknowledgementRequest = z.strictObject(Known)
export type AcknowledgementRequest = Readonly<z.infer<typeof AcknowledgementRequest>>

/** A known finding that counts as a warning until it expires. */
export const Acknowledgement = z.strictObject({
  id: AcknowledgementId,
  ...Known,
  acknowledgedAt: z.iso.datetime(),
})
export type Acknowledgement = Readonly<z.infer<typeof Acknowledgement>>
