import selfsigned from 'selfsigned'

/** A certificate of a server and its key, in PEM. */
export interface ServerCertificate {
  readonly cert: string
  readonly key: string
}

/** A certificate authority, and a server certificate of it for localhost and 127.0.0.1, all in PEM. */
export interface Certificates extends ServerCertificate {
  readonly ca: string
}

/** A certificate authority, which is valid for some days before and after now. */
export interface Authority {
  /** Its own certificate, in PEM. */
  readonly ca: string
  /** Issues a certificate for a name, from and until so many days from now. */
  readonly issue: (name: string, fromDays: number, untilDays: number) => Promise<ServerCertificate>
}

const dayMs = 24 * 60 * 60 * 1000
const inDays = (days: number): Date => new Date(Date.now() + days * dayMs)

const ofServer = (name: string, fromDays: number, untilDays: number) => ({
  algorithm: 'sha256' as const,
  notBeforeDate: inDays(fromDays),
  notAfterDate: inDays(untilDays),
  extensions: [
    {
      name: 'subjectAltName' as const,
      altNames: [
        { type: 2 as const, value: name },
        ...(name === 'localhost' ? [{ type: 7 as const, ip: '127.0.0.1' }] : []),
      ],
    },
  ],
})

/** A server certificate that nobody has issued. */
export const makeSelfSigned = async (name: string): Promise<ServerCertificate> => {
  const { cert, private: key } = await selfsigned.generate(
    [{ name: 'commonName', value: name }],
    ofServer(name, 0, 1),
  )
  return { cert, key }
}

export const makeAuthority = async (): Promise<Authority> => {
  const authority = await selfsigned.generate([{ name: 'commonName', value: 'Test Authority' }], {
    algorithm: 'sha256',
    notBeforeDate: inDays(-9),
    notAfterDate: inDays(9),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  })
  return {
    ca: authority.cert,
    issue: async (name, fromDays, untilDays) => {
      const { cert, private: key } = await selfsigned.generate([{ name: 'commonName', value: name }], {
        ...ofServer(name, fromDays, untilDays),
        ca: { key: authority.private, cert: authority.cert },
      })
      return { cert, key }
    },
  }
}

/** Makes certificates that are valid for a day. */
export const makeCertificates = async (): Promise<Certificates> => {
  const { ca, issue } = await makeAuthority()
  return { ca, ...(await issue('localhost', 0, 1)) }
}
