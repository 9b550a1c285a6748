import * as z from 'zod'
import { CertificateAuthority } from './certificate-authority.ts'
import { Credential } from './credential.ts'
import { Host, Port } from './address.ts'
import { Redirects } from './redirects.ts'

/** How to reach a SQL Server instance: by port, or by the name of a named instance (then SQL Browser gives the port). */
export const SqlServerConnection = z
  .strictObject({
    host: Host,
    port: Port.optional(),
    instanceName: z
      .string()
      .regex(/^[A-Za-z_#][A-Za-z0-9_#$]{0,15}$/)
      .optional(),
    credential: Credential,
    redirects: Redirects.default('same-host'),
    /** `required`: TLS inside TDS 7, refused if the server offers none; `strict`: TDS 8, SQL Server 2022 and later; `off`: plaintext. */
    tls: z
      .strictObject({
        mode: z.enum(['required', 'strict', 'off']).default('required'),
        serverName: Host.optional(),
        ca: CertificateAuthority.optional(),
        trustServerCertificate: z.boolean().default(false),
      })
      .prefault({}),
  })
  .refine((connection) => connection.port === undefined || connection.instanceName === undefined, {
    path: ['instanceName'],
    message: 'port and instanceName cannot both be set',
  })
  .brand<'sqlserver'>()
export type SqlServerConnection = Readonly<z.infer<typeof SqlServerConnection>>
