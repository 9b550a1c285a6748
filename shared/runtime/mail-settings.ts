import { unescape } from 'node:querystring'
import * as z from 'zod'
import { type SmtpServer, smtpSender } from '../adapters/smtp/smtp-sender.ts'
import { parseUrl } from '../model/url.ts'
import type { Secrets } from '../ports/secrets.ts'
import type { MailSender } from '../webhooks/delivery/mail-sender.ts'
import { isMailbox } from '../webhooks/model/recipients.ts'

/** Time for one mail, ms: mail servers make strangers wait for their greeting, some for longer than a webhook may take. */
export const mailLimitMs = 30_000

/** How a connection is secured by the scheme of the address, and the port that goes with it (RFC 8314, section 3). */
const schemes: Readonly<Record<string, Pick<SmtpServer, 'security' | 'port'>>> = {
  'smtps:': { security: 'tls', port: 465 },
  'smtp:': { security: 'starttls', port: 587 },
  'smtp+plain:': { security: 'none', port: 25 },
}

/** A variable of a function cannot be empty: `none` stands for it. */
const orNone = <Schema extends z.ZodType<unknown, string>>(schema: Schema) =>
  z
    .string()
    .default('none')
    .transform((text) => (text === 'none' ? null : text))
    .pipe(schema.nullable())

/** Letters, digits, hyphens and dots, or an address of IPv6 in brackets. */
const hostName = /^([a-z0-9.-]+|\[[0-9a-f:.]+\])$/i

const serverIn = (text: string): Omit<SmtpServer, 'from'> | null => {
  const url = parseUrl(text)
  const scheme = url && schemes[url.protocol]
  if (!scheme || !hostName.test(url.hostname) || !/^\/?$/.test(url.pathname) || url.search || url.hash)
    return null
  const { hostname, port, username } = url
  return {
    ...scheme,
    host: hostname.replaceAll(/^\[|\]$/g, ''),
    ...(port !== '' && { port: Number(port) }),
    user: username === '' ? null : unescape(username),
  }
}

const SmtpUrl = z
  .string()
  .refine((text) => parseUrl(text)?.password === '', {
    message: 'must be a URL without a password: PRECHECK_SMTP_CREDENTIAL says where that is',
    abort: true,
  })
  .transform(serverIn)
  .refine((server) => server !== null, {
    message:
      'must be smtps://HOST (TLS), smtp://HOST (STARTTLS) or smtp+plain://HOST, with USER@ before the host where the server asks for a login, and :PORT after it',
    abort: true,
  })
  .refine((server) => server?.security !== 'none' || server.user === null, {
    message: 'smtp+plain has no login: a password is sent over TLS alone',
  })

/** `passwords`: where the password may be. */
export const mailVariables = (passwords: RegExp) => ({
  PRECHECK_SMTP_URL: orNone(SmtpUrl),
  PRECHECK_SMTP_CREDENTIAL: orNone(
    z
      .string()
      .regex(
        passwords,
        'must be none, or where the password is: env:PRECHECK_SECRET_…, on Alibaba Cloud also kms:precheck-webhook-…',
      ),
  ),
  PRECHECK_SMTP_FROM: orNone(z.string().refine(isMailbox, 'must be an address of e-mail, without a name')),
  PRECHECK_PUBLIC_URL: orNone(
    z
      .string()
      .regex(/^https?:\/\/[^\s?#@]+$/, 'must be the https address at which people reach the service')
      .transform((url) => url.replace(/\/+$/, '')),
  ),
})

type Variables = z.output<z.ZodObject<ReturnType<typeof mailVariables>>>

/** For `refine`: what a mail server takes is there as a whole, or not at all. */
export const isMailWhole = ({
  PRECHECK_SMTP_URL: server,
  PRECHECK_SMTP_FROM: from,
  PRECHECK_SMTP_CREDENTIAL: password,
}: Variables): boolean => (server === null || from !== null) && !server?.user === (password === null)

export const mailNotWhole = {
  path: ['PRECHECK_SMTP_URL'],
  message: 'needs PRECHECK_SMTP_FROM, and PRECHECK_SMTP_CREDENTIAL with USER@ in it and without it none',
}

/** What they come to; `mailServer`: null where no mail is sent. */
export const mailSettingsOf = (variables: Variables) => {
  const { PRECHECK_SMTP_URL: server, PRECHECK_SMTP_FROM: from } = variables
  return {
    mailServer: server && from !== null ? { ...server, from } : null,
    /** Where its password is; null: it has none. */
    mailPassword: variables.PRECHECK_SMTP_CREDENTIAL,
    /** Where people reach the console, without a slash at its end; null: nobody said. */
    publicUrl: variables.PRECHECK_PUBLIC_URL,
  }
}

/** What a delivery needs to send mails. */
export const mailDeps = (
  { mailServer, mailPassword, publicUrl }: ReturnType<typeof mailSettingsOf>,
  secrets: Secrets,
): { readonly sendMail: MailSender | null; readonly publicUrl: string | null } => ({
  sendMail:
    mailServer &&
    smtpSender(mailServer, async () => (mailPassword === null ? null : secrets.resolve(mailPassword))),
  publicUrl,
})
