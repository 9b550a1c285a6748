import { type Socket, connect } from 'node:net'
import type { SqlServerConnection } from '../../model/connections/sqlserver.ts'
import { anyEncryption, guardPrelogin, tlsOnly } from './prelogin-guard.ts'
import type { Link } from './link.ts'

/**
 * Opens the socket that the driver speaks through. It belongs to the link, which destroys it when it is over, and its
 * first answer is guarded. Every address of the host is tried.
 */
export const dial = (link: Link, tls: SqlServerConnection['tls']['mode']): Promise<Socket> =>
  new Promise((resolve, reject) => {
    // Node.js would connect in spite of a signal that was aborted before (20.20, net.js), and nobody would close it.
    if (link.over.aborted) return reject(new Error('the probe is over'))
    const { host, port } = link.where
    const socket = connect({ host, port, autoSelectFamily: true, signal: link.over })
    // Stays for good: an error that comes while the driver does not listen would end the process.
    socket.on('error', reject)
    socket.once('connect', () => {
      link.stage = 'logging-in'
      // In TDS 8 TLS comes first, and the driver refuses whatever is not TLS.
      if (tls !== 'strict') guardPrelogin(socket, tls === 'required' ? tlsOnly : anyEncryption, link.refuse)
      resolve(socket)
    })
  })
