/** What may answer in place of an Oracle listener: anything, or one that insists on TLS. */
export type Stranger = 'NOT_A_DATABASE' | 'TLS_REQUIRED'

/** Types of the packets with which a listener answers: accept, refuse, redirect, data, resend, marker, control. */
const listenerPackets: readonly number[] = [2, 4, 5, 6, 11, 12, 14]
const typePlace = 4

/** First bytes of an alert in TLS (RFC 8446, section 5.1), with which a server refuses what is not TLS. */
const tlsAlert: readonly number[] = [0x15, 0x03]

/**
 * Says from the first bytes of an answer who else answers there; null for a listener. The driver would take a greeting
 * of another protocol for the length of a packet, and wait for the rest of it.
 */
export const strangerBehind = (chunk: unknown): Stranger | null => {
  if (!Buffer.isBuffer(chunk) || chunk.length <= typePlace) return null
  if (tlsAlert.every((byte, place) => chunk[place] === byte)) return 'TLS_REQUIRED'
  return listenerPackets.includes(chunk[typePlace] ?? 0) ? null : 'NOT_A_DATABASE'
}
