import { type Socket, connect, isIP } from 'node:net'
import { createSecureContext, rootCertificates } from 'node:tls'
import * as z from 'zod'
import type { Secret } from '../../ports/secrets.ts'
import type { Mail, MailAnswer, MailSender } from '../../webhooks/delivery/mail-sender.ts'
import { clip } from '../../webhooks/events/plain-text.ts'
import type { WebhookRules } from '../../webhooks/model/address.ts'
import {
  CallFailed,
  type NameLookup,
  causeOf,
  checkedAddresses,
  lookUp,
  pinned,
} from '../webhook/checked-addresses.ts'

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

/** `ca`: certificates in PEM that are trusted beside the public authorities. */
interface Options {
  readonly lookup?: NameLookup
  readonly ca?: string
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

/** Rejects when the time is over. */
const endOf = (limit: AbortSignal): Promise<never> =>
  new Promise((_, reject) => limit.addEventListener('abort', () => reject(new Error('time is over'))))

/**
 * Sends each mail over a connection of its own. `password` is asked for each of them, and null where there is none. The
 * library is loaded with the first mail.
 */
export const smtpSender = (
  server: SmtpServer,
  password: () => Promise<Secret | null>,
  { lookup = lookUp, ca }: Options = {},
): MailSender => {
  const { host, port, security, user, from } = server
  const servername = isIP(host) === 0 ? host.replace(/\.$/, '') : ''
  // With authorities of its own it would not have those of NODE_EXTRA_CA_CERTS.
  const secureContext = createSecureContext(ca === undefined ? {} : { ca: [...rootCertificates, ca] })

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
      // Said, since the environment can switch it off.
      tls: { rejectUnauthorized: true, servername, secureContext },
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
    const limit = new AbortController()
    const timer = setTimeout(() => limit.abort(), mail.limitMs)
    try {
      return await Promise.race([send(mail, limit.signal), endOf(limit.signal)])
    } catch (fault) {
      if (!limit.signal.aborted) return failureOf(fault)
      const detail = `The mail server did not take the mail within ${mail.limitMs} ms.`
      return { status: null, failure: { code: 'TIMED_OUT', detail } }
    } finally {
      clearTimeout(timer)
      // Whatever became of the mail, its socket goes with it.
      limit.abort()
    }
  }
}
