import type { Problem } from '../../checks/problems/problem.ts'
import type { OracleConnection } from '../../model/connections/oracle.ts'
import type { Route } from '../route.ts'
import type { OwnSockets } from './sockets.ts'

/** Types of the packets that open a connection, and where the text in them begins: the driver sends a long one apart. */
const textPlaces: ReadonlyMap<number | undefined, number> = new Map([
  [1, 74],
  [6, 10],
])
const typePlace = 4

const isPrintable = (byte: number): boolean => byte >= 0x20 && byte <= 0x7e

/**
 * Whether a packet asks for a connection, in printable text alone. A listener that sends a session on dictates that
 * text; with line breaks in it, it could give orders to a service that is no listener.
 */
const isPlainRequest = (packet: unknown): boolean => {
  if (!Buffer.isBuffer(packet)) return false
  const textPlace = textPlaces.get(packet[typePlace])
  return textPlace !== undefined && packet.subarray(textPlace).every(isPrintable)
}

/** What the sockets of a session may do. */
export interface Travel extends Pick<OwnSockets, 'mayConnect' | 'arrived' | 'mayWrite'> {
  /** Looks up the addresses of the registration; rejects with `AddressRefused`, or as a look-up does. */
  readonly prepare: () => Promise<void>
  /** Why the last address was not connected to; null if it was. */
  readonly refusal: () => Problem | null
}

/**
 * Keeps a session on its way. Until there is a connection, and wherever the registration leads, the driver tries one
 * address after the other; any other one comes from the listener. `end` ends the session.
 */
export const travelOf = (
  { host, port, tls }: OracleConnection,
  route: Route,
  end: (problem: Problem) => void,
): Travel => {
  let own: ReadonlySet<string> = new Set()
  let hasArrived = false
  /** The connection leads to where the listener said. */
  let hasMoved = false
  let refusal: Problem | null = null

  const isMove = (address: string, to: number): boolean => hasArrived && !(own.has(address) && to === port)

  return {
    prepare: async () => {
      own = new Set((await route.addressesOf(host)).map(({ address }) => address))
    },
    refusal: () => refusal,
    mayConnect: (address, to) => {
      hasMoved = isMove(address, to)
      if (!hasMoved) {
        refusal = route.isOpen(address) ? null : { code: 'ADDRESS_NOT_ALLOWED', params: { host, address } }
        return refusal === null
      }
      const refused = route.refusalOfMove(address, to)
      if (refused) end(refused)
      return refused === null
    },
    arrived: (address, to) => {
      hasArrived = true
      route.arrived(address, to)
    },
    mayWrite: (bytes, isOpening) => {
      const isSafe = tls.mode === 'off' && (!hasMoved || !isOpening || isPlainRequest(bytes))
      if (!isSafe)
        end({
          code: tls.mode === 'off' ? 'REDIRECT_UNREADABLE' : 'REDIRECT_TO_PLAINTEXT',
          params: { host, port },
        })
      return isSafe
    },
  }
}
