import * as z from 'zod'
import { AllowedNetwork, type IpAddress, forbidden, isIn, isInNetworks, parseIp } from '../ip-address.ts'

/** Networks of one registration. A cluster has few; more is a mistake. */
const maxNetworks = 32

/**
 * Where a server may send a session on to, once: a listener of Oracle to a dispatcher or to the instance of a RAC that
 * is to take it, a gateway of SQL Server to the replica or the node behind it.
 * - `none`: nowhere.
 * - `same-host`: to another port of the address that was connected to, as a listener does for its dispatchers.
 * - `same-network`: also to its neighbours, the /24 of an IPv4 and the /64 of an IPv6 address. Virtual addresses of a
 *   RAC are in the subnet of its SCAN ("About Network Addresses", Grid Infrastructure Installation Guide).
 * - networks in CIDR notation: to any address in them.
 * Only networks that are named open this machine itself; link-local and metadata addresses stay closed.
 */
export const Redirects = z.union([
  z.enum(['none', 'same-host', 'same-network']),
  z.array(AllowedNetwork).min(1).max(maxNetworks),
])
export type Redirects = z.infer<typeof Redirects>

/** The same for who writes a registration. */
export const redirectsText =
  'Where the server may send a session on to: none, same-host (other ports), same-network (neighbours, /24 or /64), or networks in CIDR notation.'

/** Bits that neighbours share: a subnet of the usual size. */
const neighbourBits = { ipv4: 24, ipv6: 64 } as const

const isThisMachine = (address: IpAddress): boolean => ['loopback', 'unspecified'].includes(address.range())

/** Whether a server at one address may send a session on to another one. */
export const isRedirectAllowed = (redirects: Redirects, fromText: string, toText: string): boolean => {
  const from = parseIp(fromText)
  const to = parseIp(toText)
  if (!from || !to || forbidden(to) !== null) return false
  if (typeof redirects !== 'string') return isInNetworks(to, redirects)
  if (redirects === 'none' || isThisMachine(to)) return false
  const bits = redirects === 'same-host' ? from.toByteArray().length * 8 : neighbourBits[from.kind()]
  return isIn(to, [from, bits])
}
