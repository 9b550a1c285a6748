import { randomBytes } from 'node:crypto'

/** Id of a new acknowledgement: 64 random bits. An instance has a hundred at most. */
export const newAcknowledgementId = (): string => `ack_${randomBytes(8).toString('hex')}`

/** Id of a new validation: 64 random bits. An instance has one at a time. */
export const newValidationId = (): string => `val_${randomBytes(8).toString('hex')}`

/** Id of a new webhook: 64 random bits. There are a hundred at most. */
export const newWebhookId = (): string => `wh_${randomBytes(8).toString('hex')}`

/** End of the id of a new requested sweep: 20 random bits, for those of the same millisecond. */
export const newSweepSuffix = (): string => randomBytes(3).toString('hex').slice(1)

/** Id of a change of a schedule, 128 random bits: two writers of one instance are told apart. */
export const newChangeId = (): string => randomBytes(16).toString('hex')
