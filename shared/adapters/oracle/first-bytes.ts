import { type Stranger, strangerOf } from '../stranger.ts'

/** What may answer in place of an Oracle listener: anything, or one that insists on TLS. */
export type NoListener = Stranger | { readonly code: 'TLS_REQUIRED' }

/** Types of the packets with which a listener answers: accept, refuse, redirect, data, resend, marker, control. */
const listenerPackets: readonly number[] = [2, 4, 5, 6, 11, 12, 14]
const typePlace = 4

/**
 * Says from the first bytes of an answer who else answers there; null for a listener. The driver would take a greeting
 * of another protocol for the length of a packet, and wait for the rest of it.
 */
export const strangerBehind = (chunk: unknown): NoListener | null => {
  if (!Buffer.isBuffer(chunk) || chunk.length <= typePlace) return null
  const stranger = strangerOf(chunk)
  // The listener of an endpoint with TLS refuses what is not TLS in the same way as any other server.
  if (stranger.code === 'OTHER_PROTOCOL' && stranger.protocol === 'TLS') return { code: 'TLS_REQUIRED' }
  return listenerPackets.includes(chunk[typePlace] ?? 0) ? null : stranger
}
