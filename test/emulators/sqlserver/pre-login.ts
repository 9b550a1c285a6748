import { NotTds } from './packets.ts'
import type { SqlServerScenario } from './scenario.ts'

/** The option ENCRYPTION in PRELOGIN: its values from 0 on (MS-TDS 2.2.6.5). */
const encryptions = ['off', 'on', 'notSupported', 'required'] as const
type Encryption = (typeof encryptions)[number]

/** What goes through TLS after PRELOGIN; `ended`: the server ends the connection instead. */
type Protected = 'nothing' | 'login' | 'everything' | 'ended'

/** What a server answers to PRELOGIN, and what becomes of the connection. */
export interface Negotiated {
  readonly answer: Encryption
  readonly protects: Protected
}

/**
 * The first table of MS-TDS 2.2.6.5, without the values for client certificates: by what the server is set to, then by
 * what the client sends. `none` is a server without a certificate, `offered` one that leaves TLS to the client,
 * `required` one that forces it.
 */
const negotiation: Readonly<
  Record<'none' | 'offered' | 'required', Readonly<Record<Encryption, Negotiated>>>
> = {
  none: {
    off: { answer: 'notSupported', protects: 'nothing' },
    on: { answer: 'notSupported', protects: 'ended' },
    notSupported: { answer: 'notSupported', protects: 'nothing' },
    required: { answer: 'notSupported', protects: 'ended' },
  },
  offered: {
    off: { answer: 'off', protects: 'login' },
    on: { answer: 'on', protects: 'everything' },
    notSupported: { answer: 'notSupported', protects: 'nothing' },
    required: { answer: 'on', protects: 'everything' },
  },
  required: {
    off: { answer: 'required', protects: 'everything' },
    on: { answer: 'on', protects: 'everything' },
    notSupported: { answer: 'required', protects: 'ended' },
    required: { answer: 'on', protects: 'everything' },
  },
}

/** In TDS 8 the option says nothing: PRELOGIN itself came through TLS. */
const insideTls: Negotiated = { answer: 'notSupported', protects: 'nothing' }

const optionLength = 5
const versionToken = 0
const encryptionToken = 1
const terminator = 0xff

/** What a client sent for encryption; throws if its PRELOGIN has no such option, or one with a value that there is not. */
const encryptionIn = (body: Buffer): Encryption => {
  for (let at = 0; at + optionLength <= body.length && body[at] !== terminator; at += optionLength) {
    if (body[at] !== encryptionToken) continue
    const sent = encryptions[body[body.readUInt16BE(at + 1)] ?? encryptions.length]
    if (sent) return sent
  }
  throw new NotTds()
}

/** Answers the body of a PRELOGIN. A server that lies says what it says to everybody, and goes on in plain. */
export const negotiate = (
  { tls = 'none', preLogin }: Pick<SqlServerScenario, 'tls' | 'preLogin'>,
  body: Buffer,
): Negotiated => {
  if (typeof preLogin === 'object') return { answer: preLogin.lie, protects: 'nothing' }
  return tls === 'strict' ? insideTls : negotiation[tls][encryptionIn(body)]
}

/** Body of an answer to PRELOGIN: version 16.0 and the option for encryption. */
export const preLoginAnswer = (answer: Encryption): Buffer => {
  const version = Buffer.from([16, 0, 0x03, 0xe8, 0, 0])
  const optionsLength = 2 * optionLength + 1
  const options = Buffer.alloc(optionsLength)
  options[0] = versionToken
  options.writeUInt16BE(optionsLength, 1)
  options.writeUInt16BE(version.length, 3)
  options[optionLength] = encryptionToken
  options.writeUInt16BE(optionsLength + version.length, optionLength + 1)
  options.writeUInt16BE(1, optionLength + 3)
  options[2 * optionLength] = terminator
  return Buffer.concat([options, version, Buffer.from([encryptions.indexOf(answer)])])
}
