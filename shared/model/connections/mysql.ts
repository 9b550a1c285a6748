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
        mode: z.enum(['required', 'off']).default('required'),
        /** Name in the certificate of the server, where that is not the host: those that a server makes itself have one. */
        serverName: Host.optional(),
        ca: CertificateAuthority.optional(),
        /** Encrypts without a proof of who answers: the server then gets no password that it has not seen before. */
        trustServerCertificate: z.boolean().default(false),
      })
      .prefault({}),
  })
  .brand<'mysql'>()
export type MySqlConnection = Readonly<z.infer<typeof MySqlConnection>>
