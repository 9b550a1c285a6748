import { type Socket, connect } from 'node:net'
import * as z from 'zod'
import type { Secret } from '../../ports/secrets.ts'
import type { Mail, MailAnswer, MailSender } from '../../webhooks/delivery/mail-sender.ts'
import { clip } from '../../webhooks/events/plain-text.ts'
import type { WebhookRules } from '../../webhooks/model/address.ts'
import { CallFailed, causeOf, checkedAddresses, lookUp, pinned } from '../webhook/checked-addresses.ts'
import { type CallOptions, verifying, withinLimit } from '../webhook/receiver-call.ts'

/** The mail server of the settings. `security`: TLS from the first byte, STARTTLS and nothing before it, or none. */
export interface SmtpServer {
  readonly host: string
  readonly port: number
  readonly security: 'tls' | 'starttls' | 'none'
  /** Null where it asks for no login. */
  readonly user: string | null
  /** Address that mails come from. */
  readonly from: string
}

/** The operator names the server, which may be in any network; link-local and metadata addresses stay closed. */
const anywhere: WebhookRules = { allowHttp: false, allowedNetworks: ['0.0.0.0/0', '::/0'] }

/** Of one reply, bytes; RFC 5321 has lines of 512, and few of them (section 4.5.3.1.5). */
const maxReplyBytes = 32 * 1024

/** Characters of what the server says. */
const maxDetailLength = 200

/** What nodemailer tells of a fault. */
const SmtpFault = z.object({
  code: z.string().default('unknown cause'),
  responseCode: z.int().optional(),
  response: z.string().optional(),
})

/** A certificate that is not trusted is told as a fault of the socket, in the words of Node.js and OpenSSL. */
const isOfCertificate = (fault: unknown): boolean =>
  fault instanceof Error && /certificate|altnames|SSL|TLS/i.test(fault.message)

const failureOf = (fault: unknown): Extract<MailAnswer, { readonly failure: object }> => {
  if (fault instanceof CallFailed) return { status: null, failure: fault.failure }
  const { code, responseCode: status = null, response = '' } = SmtpFault.parse(fault)
  const failed = (failure: 'TLS_FAILED' | 'ANSWER_REFUSED' | 'UNREACHABLE', detail: string) =>
    ({ status, failure: { code: failure, detail } }) as const
  if (code === 'ETLS' || (status === null && isOfCertificate(fault)))
    return failed('TLS_FAILED', 'The mail server offers no TLS that can be trusted.')
  // The text of a refused login may repeat what was sent.
  if (code === 'EAUTH') {
    const detail = `The mail server refused the login${status === null ? '' : ` (${status})`}.`
    return { status, failure: { code: 'STATUS_REFUSED', detail } }
  }
  if (status !== null) {
    const detail = clip(`The mail server answered: ${response}`, maxDetailLength)
    return { status, failure: { code: 'STATUS_REFUSED', detail } }
  }
  if (code === 'EPROTOCOL') return failed('ANSWER_REFUSED', 'The mail server does not answer as SMTP has it.')
  return failed('UNREACHABLE', `The connection to the mail server failed: ${code}.`)
}

/** A connection to one of the addresses of the server. */
const connectTo = (
  { host, port }: SmtpServer,
  addresses: readonly string[],
  signal: AbortSignal,
): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host, port, lookup: pinned(addresses), autoSelectFamily: true, signal })
    socket.once('error', (fault) =>
      reject(new CallFailed('UNREACHABLE', `The connection to the mail server failed: ${causeOf(fault)}.`)),
    )
    socket.once('connect', () => resolve(socket))
  })

/**
 * Sends each mail over a connection of its own. `password` is asked for each of them, and null where there is none. The
 * library is loaded with the first mail.
 */
export const smtpSender = (
  server: SmtpServer,
  password: () => Promise<Secret | null>,
  { lookup = lookUp, ca }: CallOptions = {},
): MailSender => {
  const { host, port, security, user, from } = server
  const tls = verifying(ca)(host)

  const send = async ({ id, to, subject, text, html, limitMs }: Mail, limit: AbortSignal) => {
    const secret = await password()
    if (secret && 'unavailable' in secret)
      throw new CallFailed('SECRET_UNAVAILABLE', `the password of the mail server: ${secret.unavailable}.`)
    const addresses = await checkedAddresses(host, anywhere, lookup)
    const { createTransport } = await import('nodemailer')
    limit.throwIfAborted()
    const connection = await connectTo(server, addresses, limit)
    const transport = createTransport({
      connection,
      host,
      port,
      secure: security === 'tls',
      requireTLS: security === 'starttls',
      ignoreTLS: security === 'none',
      tls,
      ...(user !== null && secret && { auth: { user, pass: secret.value } }),
      connectionTimeout: limitMs,
      greetingTimeout: limitMs,
      socketTimeout: limitMs,
      maxResponseSize: maxReplyBytes,
      disableFileAccess: true,
      disableUrlAccess: true,
    })
    const { rejected } = await transport.sendMail({
      from,
      to: [...to],
      subject,
      text,
      html,
      messageId: `<${id}@${from.slice(from.indexOf('@') + 1)}>`,
      // Nobody answers that nobody is in (RFC 3834, section 5).
      headers: { 'Auto-Submitted': 'auto-generated' },
    })
    return { status: 250, refused: rejected.length }
  }

  return async (mail) => {
    const late = `The mail server did not take the mail within ${mail.limitMs} ms.`
    try {
      return await withinLimit(mail.limitMs, late, (limit) => send(mail, limit))
    } catch (fault) {
      return failureOf(fault)
    }
  }
}
