import * as z from 'zod'
import { CertificateAuthority } from './certificate-authority.ts'
import { Credential } from './credential.ts'
import { Host, Port } from './address.ts'
import { Redirects } from './redirects.ts'

/** How to reach an Oracle instance (12.1 or later), by service name or SID. */
export const OracleConnection = z
  .strictObject({
    host: Host,
    port: Port.default(1521),
    serviceName: z
      .string()
      .regex(/^[A-Za-z0-9_$#.-]{1,255}$/, 'must be 1 to 255 letters, digits, "_", "$", "#", "." or "-"')
      .optional(),
    sid: z
      .string()
      .regex(/^[A-Za-z0-9_$#]{1,64}$/)
      .optional(),
    credential: Credential,
    redirects: Redirects.default('same-host'),
    /** Only administrative privileges enter an instance that is mounted or a standby that is not open. */
    privilege: z.enum(['normal', 'sysbackup', 'sysdba']).default('normal'),
    tls: z
      .strictObject({
        mode: z.enum(['required', 'off']).default('off'),
        /** Subject of the server's certificate, where it does not name the host, for example `CN=db1,O=Example`. */
        certificateDn: z
          .string()
          .max(512)
          .regex(/^[^()"]+$/, 'must be a distinguished name without parentheses or quotes')
          .optional(),
        ca: CertificateAuthority.optional(),
      })
      .prefault({}),
  })
  .refine((connection) => (connection.serviceName === undefined) !== (connection.sid === undefined), {
    path: ['serviceName'],
    message: 'either serviceName or sid is required, not both',
  })
  .brand<'oracle'>()
export type OracleConnection = Readonly<z.infer<typeof OracleConnection>>
