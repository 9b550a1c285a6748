import { type LookupFunction, type Socket, connect } from 'node:net'
import type { SqlServerConnection } from '../../model/connections/sqlserver.ts'
import { meterReads } from '../metered-reads.ts'
import { AddressRefused } from '../route.ts'
import type { Link } from './link.ts'
import { anyEncryption, guardPrelogin, tlsOnly } from './prelogin-guard.ts'

/** The addresses that the link may connect to now: its own, or those that the server has sent it on to. */
const addressesFor = async ({ route, address, isMoved }: Link) => {
  const found = await route.addressesOf(address.host)
  if (!isMoved) return found
  const [first] = found
  const refusal = first ? route.refusalOfMove(first.address, address.port) : null
  if (refusal) throw new AddressRefused(refusal)
  return found.slice(0, 1)
}

/**
 * Opens the socket that the driver speaks through. It belongs to the link, which destroys it when it is over, and its
 * first answer is guarded. Every address of the host is tried that may be connected to, as the name was looked up once.
 */
export const dial = async (link: Link, tls: SqlServerConnection['tls']['mode']): Promise<Socket> => {
  const addresses = await addressesFor(link)
  const lookup: LookupFunction = (_name, _options, callback) => callback(null, [...addresses])
  return new Promise((resolve, reject) => {
    // Node.js would connect in spite of a signal that was aborted before (20.20, net.js), and nobody would close it.
    if (link.over.aborted) return reject(new Error('the probe is over'))
    const { host, port } = link.address
    const socket = connect({ host, port, lookup, autoSelectFamily: true, signal: link.over })
    meterReads(socket, link.meter)
    // Stays for good: an error that comes while the driver does not listen would end the process.
    socket.on('error', reject)
    socket.once('connect', () => {
      link.enter('logging-in')
      // The last packet of a long statement must not wait until the server has acknowledged the one before it.
      socket.setNoDelay(true)
      link.route.arrived(socket.remoteAddress ?? '', port)
      // In TDS 8 TLS comes first, and the driver refuses whatever is not TLS.
      if (tls !== 'strict') guardPrelogin(socket, tls === 'required' ? tlsOnly : anyEncryption, link.refuse)
      resolve(socket)
    })
  })
}
