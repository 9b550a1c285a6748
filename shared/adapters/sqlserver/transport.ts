import { type Socket, connect } from 'node:net'
import type { SqlServerConnection } from '../../model/instance.ts'
import { anyEncryption, guardPrelogin, tlsOnly } from './prelogin-guard.ts'
import type { Session } from './session.ts'

/**
 * Opens the socket that the driver speaks through. It belongs to the session, which destroys it when it is over, and its
 * first answer is guarded. Every address of the host is tried.
 */
export const dial = (session: Session, tls: SqlServerConnection['tls']['mode']): Promise<Socket> =>
  new Promise((resolve, reject) => {
    // Node.js would connect in spite of a signal that was aborted before (20.20, net.js), and nobody would close it.
    if (session.over.aborted) return reject(new Error('the probe is over'))
    const { host, port } = session.where
    const socket = connect({ host, port, autoSelectFamily: true, signal: session.over })
    // Stays for good: an error that comes while the driver does not listen would end the process.
    socket.on('error', reject)
    socket.once('connect', () => {
      session.stage = 'logging-in'
      // In TDS 8 TLS comes first, and the driver refuses whatever is not TLS.
      if (tls !== 'strict')
        guardPrelogin(socket, tls === 'required' ? tlsOnly : anyEncryption, session.refuse)
      resolve(socket)
    })
  })
