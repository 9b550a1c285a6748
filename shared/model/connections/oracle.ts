import * as z from 'zod'
import { CertificateAuthority } from './certificate-authority.ts'
import { Credential } from './credential.ts'
import { fieldMessage } from '../field-message.ts'
import { Host, Port } from './address.ts'
import { Redirects, redirectsText } from './redirects.ts'

/** How to reach an Oracle instance (12.1 or later), by service name or SID. */
export const OracleConnection = z
  .strictObject({
    host: Host,
    port: Port.default(1521),
    serviceName: z
      .string()
      .regex(
        /^[A-Za-z0-9_$#.-]{1,255}$/,
        fieldMessage({
          en: 'must be 1 to 255 letters, digits, "_", "$", "#", "." or "-"',
          zh: '须为 1 至 255 个字母、数字、“_”、“$”、“#”、“.”或“-”',
        }),
      )
      .optional()
      .describe('Either this or sid.'),
    sid: z
      .string()
      .regex(/^[A-Za-z0-9_$#]{1,64}$/)
      .optional()
      .describe('Either this or serviceName.'),
    credential: Credential,
    redirects: Redirects.default('same-host').describe(redirectsText),
    privilege: z
      .enum(['normal', 'sysbackup', 'sysdba'])
      .default('normal')
      .describe(
        'Only administrative privileges enter an instance that is mounted or a standby that is not open.',
      ),
    tls: z
      .strictObject({
        mode: z.enum(['required', 'off']).default('off').describe('required: TCPS; off: in clear.'),
        certificateDn: z
          .string()
          .max(512)
          .regex(
            /^[^()"]+$/,
            fieldMessage({
              en: 'must be a distinguished name without parentheses or quotes',
              zh: '须为不含括号和引号的可分辨名称',
            }),
          )
          .optional()
          .describe(
            'Subject of the certificate of the server, where it does not name the host: CN=db1,O=Example.',
          ),
        ca: CertificateAuthority.optional().describe('Certificate authority of the server, in PEM.'),
      })
      .prefault({}),
  })
  .refine((connection) => (connection.serviceName === undefined) !== (connection.sid === undefined), {
    path: ['serviceName'],
    message: fieldMessage({
      en: 'either serviceName or sid is required, not both',
      zh: '须给出 serviceName 或 sid 之一，不能同时给出',
    }),
  })
  .brand<'oracle'>()
export type OracleConnection = Readonly<z.infer<typeof OracleConnection>>
