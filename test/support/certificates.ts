import selfsigned from 'selfsigned'

/** A certificate authority, and a server certificate of it for localhost and 127.0.0.1, all in PEM. */
export interface Certificates {
  readonly ca: string
  readonly cert: string
  readonly key: string
}

const lifetimeMs = 24 * 60 * 60 * 1000

/** Makes certificates that are valid for a day. */
export const makeCertificates = async (): Promise<Certificates> => {
  const notAfterDate = new Date(Date.now() + lifetimeMs)
  const authority = await selfsigned.generate([{ name: 'commonName', value: 'Test Authority' }], {
    algorithm: 'sha256',
    notAfterDate,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  })
  const server = await selfsigned.generate([{ name: 'commonName', value: 'localhost' }], {
    algorithm: 'sha256',
    notAfterDate,
    ca: { key: authority.private, cert: authority.cert },
    extensions: [
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  })
  return { ca: authority.cert, cert: server.cert, key: server.private }
}
