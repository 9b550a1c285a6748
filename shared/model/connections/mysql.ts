import * as z from 'zod'
import { CertificateAuthority } from './certificate-authority.ts'
import { Credential } from './credential.ts'
import { Host, Port } from './address.ts'

/** How to reach a server of MySQL (5.7 or later) or MariaDB (10.5 or later) over TCP. */
export const MySqlConnection = z
  .strictObject({
    host: Host,
    port: Port.default(3306),
    credential: Credential,
    tls: z
      .strictObject({
        mode: z
          .enum(['required', 'off'])
          .default('required')
          .describe('required: refused without TLS; off: in clear.'),
        serverName: Host.optional().describe(
          'Name in the certificate of the server, where that is not the host: those that a server makes itself have one.',
        ),
        ca: CertificateAuthority.optional().describe('Certificate authority of the server, in PEM.'),
        trustServerCertificate: z
          .boolean()
          .default(false)
          .describe(
            'Encrypts without a proof of who answers: the server then gets no password that it has not seen before.',
          ),
      })
      .prefault({}),
  })
  .brand<'mysql'>()
export type MySqlConnection = Readonly<z.infer<typeof MySqlConnection>>
