import { type Reader, reader } from './primitives.ts'
import type { Privilege } from './scenario.ts'

/** Requests of a client, as far as a stand-in has to understand them. */
export type Request =
  | { readonly kind: 'network-services' }
  | { readonly kind: 'protocol' }
  | { readonly kind: 'data-types'; readonly wantsTimeZone: boolean }
  | {
      readonly kind: 'authentication'
      readonly phase: 1 | 2
      readonly user: string
      readonly privilege: Privilege
      readonly pairs: ReadonlyMap<string, string>
    }
  | { readonly kind: 'execute'; readonly cursor: number; readonly sql: string; readonly rows: number }
  | { readonly kind: 'execute-again'; readonly cursor: number; readonly rows: number }
  | { readonly kind: 'fetch'; readonly cursor: number; readonly rows: number }
  | { readonly kind: 'log-off' }
  | { readonly kind: 'call' }
  | { readonly kind: 'nothing' }

/** Types of messages, and codes of functions. */
const message = { protocol: 0x01, dataTypes: 0x02, call: 0x03, piggyback: 0x11 } as const
const calls = {
  reexecute: 0x04,
  fetch: 0x05,
  logOff: 0x09,
  reexecuteFetch: 0x4e,
  execute: 0x5e,
  phase2: 0x73,
  phase1: 0x76,
} as const
const closeCursors = 0x69

/** First bytes of a negotiation of encryption and integrity, which older drivers begin though the ACCEPT declined it. */
const networkServices = 0xdead_beef

/** Bits of the authentication mode. */
const sysdba = 0x20
const sysbackup = 0x0100_0000
/** SYSOPER, SYSASM, SYSDG, SYSKM and SYSRAC. */
const otherPrivileges = 0x0e40_0040

const privilegeOf = (mode: number): Privilege => {
  if (mode & sysdba) return 'sysdba'
  if (mode & sysbackup) return 'sysbackup'
  return mode & otherPrivileges ? 'other' : 'normal'
}

const readDataTypes = (input: Reader): Request => {
  input.skip(5)
  input.bytes()
  const runtime = input.bytes()
  return { kind: 'data-types', wantsTimeZone: ((runtime[1] ?? 0) & 1) === 1 }
}

/** First byte of a text in chunks. */
const chunked = 0xfe

/** A text of known length. Drivers before 2023 send it without the length in front of it a second time. */
const readText = (input: Reader, length: number): string => {
  const isCounted = input.peek() === length || input.peek() === chunked
  return (isCounted ? input.bytes() : input.take(length)).toString('utf8')
}

const readAuthentication = (input: Reader, phase: 1 | 2): Request => {
  input.byte()
  const length = input.number()
  const mode = input.number()
  input.byte()
  const count = input.number()
  input.skip(2)
  const user = readText(input, length)
  const pairs = new Map<string, string>()
  for (let index = 0; index < count; index += 1) {
    const key = input.sizedBytes().toString('utf8')
    pairs.set(key, input.sizedBytes().toString('utf8'))
    input.number()
  }
  return { kind: 'authentication', phase, user, privilege: privilegeOf(mode), pairs }
}

const readExecute = (input: Reader): Request => {
  input.number()
  const cursor = input.number()
  input.byte()
  const length = input.number()
  input.byte()
  input.number()
  input.skip(3)
  const rows = input.number()
  input.number()
  input.byte()
  input.number()
  input.skip(5)
  input.byte()
  input.number()
  input.number()
  input.skip(3)
  input.number()
  input.byte()
  input.number()
  input.number()
  input.byte()
  input.number()
  input.byte()
  // Fields of 12.2 and later.
  input.byte()
  input.number()
  input.byte()
  input.number()
  input.byte()
  input.byte()
  input.number()
  const sql = length > 0 ? readText(input, length) : ''
  return { kind: 'execute', cursor, sql, rows }
}

const readCall = (input: Reader): Request => {
  const code = input.byte()
  input.byte()
  switch (code) {
    case calls.phase1:
      return readAuthentication(input, 1)
    case calls.phase2:
      return readAuthentication(input, 2)
    case calls.execute:
      return readExecute(input)
    case calls.reexecute:
    case calls.reexecuteFetch:
      return { kind: 'execute-again', cursor: input.number(), rows: input.number() }
    case calls.fetch:
      return { kind: 'fetch', cursor: input.number(), rows: input.number() }
    case calls.logOff:
      return { kind: 'log-off' }
    default:
      return { kind: 'call' }
  }
}

/** Steps over the request to close cursors that may stand in front of a call. */
const skipPiggyback = (input: Reader): void => {
  if (input.byte() !== closeCursors) throw new RangeError('unknown piggyback')
  input.skip(2)
  for (let count = input.number(); count > 0; count -= 1) input.number()
}

/** Reads a request; throws on what no driver sends. */
export const readRequest = (content: Buffer): Request => {
  if (content.length === 0) return { kind: 'nothing' }
  if (content.length >= 4 && content.readUInt32BE(0) === networkServices) return { kind: 'network-services' }
  const input = reader(content)
  for (;;) {
    switch (input.byte()) {
      case message.protocol:
        return { kind: 'protocol' }
      case message.dataTypes:
        return readDataTypes(input)
      case message.call:
        return readCall(input)
      case message.piggyback:
        skipPiggyback(input)
        break
      default:
        throw new RangeError('unknown message')
    }
  }
}
