import {
  type Packet,
  acceptPacket,
  connectDataOf,
  messageOf,
  packetType,
  redirectPacket,
  refusePacket,
  resendPacket,
} from './packets.ts'
import type { OracleScenario } from './scenario.ts'

/** What the listener says to a packet, if anything, and what comes next: `serve` hands the client to the database. */
export interface Reply {
  readonly packet?: Buffer
  readonly next: 'listen' | 'serve' | 'hang' | 'end'
}

const redirectText = (to: number | string, connectData: string): string =>
  typeof to === 'string' ? to : `(ADDRESS=(PROTOCOL=tcp)(HOST=127.0.0.1)(PORT=${to}))\0${connectData}`

const garbage = Buffer.from('no answer of any kind\r\n', 'latin1')

/** The listener's part of a connection: everything up to ACCEPT. Throws on what no client says before that. */
export const listener = (scenario: () => OracleScenario, seen: { readonly connectData: string[] }) => {
  let wasResent = false
  let awaitsConnectData = false

  const answer = (connectData: string): Reply => {
    seen.connectData.push(connectData)
    const decision = scenario().listener?.(connectData) ?? 'accept'
    if (typeof decision === 'object') {
      const packet =
        'refuse' in decision
          ? refusePacket(decision.refuse)
          : redirectPacket(redirectText(decision.redirect, connectData))
      return { packet, next: 'end' }
    }
    switch (decision) {
      case 'hang':
        return { next: 'hang' }
      case 'close':
        return { next: 'end' }
      case 'garbage':
        return { packet: garbage, next: 'hang' }
      case 'resend':
        if (wasResent) return { packet: acceptPacket(), next: 'serve' }
        wasResent = true
        return { packet: resendPacket, next: 'listen' }
      case 'accept':
        return { packet: acceptPacket(), next: 'serve' }
    }
  }

  return (packet: Packet): Reply => {
    if (awaitsConnectData) {
      awaitsConnectData = false
      return answer(messageOf(packet).toString('latin1'))
    }
    if (packet.type !== packetType.connect) throw new RangeError('no CONNECT')
    const connectData = connectDataOf(packet)
    if (connectData !== null) return answer(connectData)
    awaitsConnectData = true
    return { next: 'listen' }
  }
}
