import * as z from 'zod'
import { CertificateAuthority } from './certificate-authority.ts'
import { Credential } from './credential.ts'
import { fieldMessage } from '../field-message.ts'
import { Host, Port } from './address.ts'
import { Redirects, redirectsText } from './redirects.ts'

/** How to reach a SQL Server instance: by port, or by the name of a named instance (then SQL Browser gives the port). */
export const SqlServerConnection = z
  .strictObject({
    host: Host,
    port: Port.optional().describe('Left out: 1433, or that of the named instance.'),
    instanceName: z
      .string()
      .regex(/^[A-Za-z_#][A-Za-z0-9_#$]{0,15}$/)
      .optional()
      .describe('A named instance, whose port SQL Server Browser tells.'),
    credential: Credential,
    redirects: Redirects.default('same-host').describe(redirectsText),
    tls: z
      .strictObject({
        mode: z
          .enum(['required', 'strict', 'off'])
          .default('required')
          .describe(
            'required: TLS inside TDS 7, refused if the server offers none; strict: TDS 8, SQL Server 2022 and later; off: in clear.',
          ),
        serverName: Host.optional().describe(
          'Name in the certificate of the server, where that is not the host.',
        ),
        ca: CertificateAuthority.optional().describe('Certificate authority of the server, in PEM.'),
        trustServerCertificate: z
          .boolean()
          .default(false)
          .describe('Encrypts without a proof of who answers.'),
      })
      .prefault({}),
  })
  .refine((connection) => connection.port === undefined || connection.instanceName === undefined, {
    path: ['instanceName'],
    message: fieldMessage({
      en: 'port and instanceName cannot both be set',
      zh: 'port 和 instanceName 不能同时给出',
    }),
  })
  .brand<'sqlserver'>()
export type SqlServerConnection = Readonly<z.infer<typeof SqlServerConnection>>
