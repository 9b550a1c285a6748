const scheme = 'mailto:'

/** Addresses that one webhook may have: a list of the mail server is for more. */
export const maxRecipients = 20

/** Letters, digits and marks that neither a URL nor a header of a mail gives a meaning (RFC 5321, section 4.1.2: `Dot-string`). */
const mailbox = /^[\w!$*+/=~-]+(\.[\w!$*+/=~-]+)*@[a-z0-9-]+(\.[a-z0-9-]+)*$/i

/** Of an address, characters (RFC 5321, section 4.5.3.1). */
const maxLength = 254

/** True for an address of e-mail that can be written as it is, in a URL and in a header. */
export const isMailbox = (text: string): boolean => text.length <= maxLength && mailbox.test(text)

/** The addresses of `mailto:one@example.com,other@example.com` (RFC 6068, without fields of headers); null for anything else. */
export const recipientsOf = (url: string): readonly string[] | null => {
  if (!url.startsWith(scheme)) return null
  const recipients = url.slice(scheme.length).split(',')
  return recipients.length <= maxRecipients && recipients.every(isMailbox) ? recipients : null
}
