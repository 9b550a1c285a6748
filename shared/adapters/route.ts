import type { LookupAddress } from 'node:dns'
import { isIPv6 } from 'node:net'
import type { Problem } from '../checks/problems/problem.ts'
import { type DatabaseNetworks, isDatabaseAddress } from '../model/connections/address.ts'
import { type Redirects, isRedirectAllowed } from '../model/connections/redirects.ts'
import { NameServersSilent, addressesOf } from './names/name-lookup.ts'

/** What a registration says of where its database is. */
export interface Registered {
  readonly host: string
  readonly redirects: Redirects
}

/** There is no address that may be connected to. */
export class AddressRefused extends Error {
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.code)
    this.problem = problem
  }
}

/** How an address with its port is shown. */
const shown = (address: string, port: number): string =>
  isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`

/** The way of one session: the addresses of its registration, and one further address if a server sends it on. */
export interface Route {
  /** The addresses of a host that may be connected to; rejects with `AddressRefused` if there are none, or as a look-up does. */
  readonly addressesOf: (host: string) => Promise<readonly LookupAddress[]>
  /** Whether the operator lets databases be there. */
  readonly isOpen: (address: string) => boolean
  /** There is a connection to this address of the registration. */
  readonly arrived: (address: string, port: number) => void
  /** Why the server may not send the session on to an address; null if it may, once. */
  readonly refusalOfMove: (address: string, port: number) => Problem | null
}

/** `networks`: what the operator lets databases be in. */
export const routeOf = ({ host, redirects }: Registered, networks: DatabaseNetworks): Route => {
  let from: { readonly address: string; readonly port: number } | null = null
  let hasMoved = false
  const isOpen = (address: string): boolean => isDatabaseAddress(address, networks)
  const refused = (address: string): Problem => ({ code: 'ADDRESS_NOT_ALLOWED', params: { host, address } })

  return {
    addressesOf: async (name) => {
      const found = await addressesOf(name).catch((fault: unknown) => {
        if (!(fault instanceof NameServersSilent)) throw fault
        throw new AddressRefused({ code: 'NAME_SERVER_SILENT', params: { host, afterMs: fault.afterMs } })
      })
      const allowed = found.filter(({ address }) => isOpen(address))
      if (allowed.length === 0) throw new AddressRefused(refused(found[0]?.address ?? name))
      return allowed
    },
    isOpen,
    arrived: (address, port) => {
      from ??= { address, port }
    },
    refusalOfMove: (address, port) => {
      const params = { host, port: from?.port ?? port, address: shown(address, port) }
      if (hasMoved) return { code: 'REDIRECT_REPEATED', params }
      hasMoved = true
      if (!isOpen(address)) return refused(address)
      const isAllowed = from !== null && isRedirectAllowed(redirects, from.address, address)
      return isAllowed ? null : { code: 'REDIRECT_REFUSED', params }
    },
  }
}
