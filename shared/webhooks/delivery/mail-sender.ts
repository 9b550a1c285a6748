import type { DeliveryFailure } from '../model/delivery.ts'
import type { MailText } from '../formats/email.ts'

/** One mail to all recipients of a webhook. */
export interface Mail extends MailText {
  /** Of the event: the same mail has the same id however often it is sent. */
  readonly id: string
  readonly to: readonly string[]
  /** For everything, from looking up the name of the server to its last reply, ms. */
  readonly limitMs: number
}

/** What came of a mail. `refused`: recipients that the server did not take; the others have it. */
export type MailAnswer =
  | { readonly status: number; readonly refused: number }
  | { readonly status: number | null; readonly failure: DeliveryFailure }

/** Sends mails by the mail server of the settings. Never rejects. */
export type MailSender = (mail: Mail) => Promise<MailAnswer>
