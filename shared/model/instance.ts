import { X509Certificate } from 'node:crypto'
import * as z from 'zod'
import { Acknowledgement } from './acknowledgement.ts'
import { MaintenanceWindow } from './maintenance-window.ts'
import { Operation, allOperations } from './operation.ts'
import { Profile } from './profile.ts'
import { Schedule } from './schedule.ts'

/** Id of a registered instance, chosen by its owner; stands in addresses as it is. */
export const InstanceId = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    'must be 1 to 64 letters, digits, ".", "_" or "-", and start with a letter or digit',
  )
export type InstanceId = z.infer<typeof InstanceId>

/**
 * Where a secret is kept: a name in the environment, a file that only the service can read, or a secret of KMS by its name
 * (1 to 64 characters, "CreateSecret", KMS developer reference). Never the secret itself.
 */
export const SecretReference = z
  .string()
  .max(1024)
  .regex(
    /^(env:[A-Za-z_][A-Za-z0-9_]*|file:\/.+|kms:[A-Za-z0-9_/+=.@-]{1,64})$/,
    'must be env:NAME, file:/absolute/path or kms:NAME; a password itself is never stored',
  )
export type SecretReference = z.infer<typeof SecretReference>

const Host = z
  .string()
  .regex(/^[A-Za-z0-9]([A-Za-z0-9.:_-]{0,251}[A-Za-z0-9])?$/, 'must be a host name or an IP address')
const Port = z.int().min(1).max(65_535)

const certificate = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

const isCertificate = (pem: string): boolean => {
  try {
    return new X509Certificate(pem).subject !== ''
  } catch {
    return false
  }
}

const isPem = (text: string): boolean => {
  const certificates = text.match(certificate) ?? []
  return (
    certificates.length > 0 &&
    certificates.every(isCertificate) &&
    text.replaceAll(certificate, '').trim() === ''
  )
}

/** Certificates in PEM, of a private certificate authority. Public by nature, so it is no secret reference. */
const CertificateAuthority = z.string().max(32_768).refine(isPem, 'must be one or more certificates in PEM')

const Credential = z.strictObject({ username: z.string().min(1).max(128), password: SecretReference })

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
    message: 'give either port or instanceName, not both',
  })
export type SqlServerConnection = Readonly<z.infer<typeof SqlServerConnection>>

/** How to reach an Oracle instance (12.1 or later), by service name or SID. */
export const OracleConnection = z
  .strictObject({
    host: Host,
    port: Port.default(1521),
    serviceName: z
      .string()
      .regex(/^[A-Za-z0-9_$#.-]{2,255}$/, 'must be 2 to 255 letters, digits, "_", "$", "#", "." or "-"')
      .optional(),
    sid: z
      .string()
      .regex(/^[A-Za-z0-9_$#]{1,64}$/)
      .optional(),
    credential: Credential,
    /** Only administrative privileges enter an instance that is mounted or a standby that is not open. */
    privilege: z.enum(['normal', 'sysbackup', 'sysdba']).default('normal'),
    tls: z
      .strictObject({
        mode: z.enum(['required', 'off']).default('off'),
        /** Subject of the server's certificate, where it does not name the host, for example `CN=db1,O=Example`. */
        certificateDn: z
          .string()
          .max(512)
          .regex(/^[^()"]+$/, 'must be a distinguished name without parentheses and quotes')
          .optional(),
        ca: CertificateAuthority.optional(),
      })
      .prefault({}),
  })
  .refine((connection) => (connection.serviceName === undefined) !== (connection.sid === undefined), {
    path: ['serviceName'],
    message: 'give either serviceName or sid',
  })
export type OracleConnection = Readonly<z.infer<typeof OracleConnection>>

const HttpsUrl = z.url({ protocol: /^https$/ }).max(2048)

/** Endpoints of the two connectivity items, where they differ from those of the region. */
const Endpoints = z.strictObject({
  oss: HttpsUrl.optional(),
  service: z.array(HttpsUrl).min(1).max(16).optional(),
  /** Trusted beside the public authorities, for endpoints behind a private one. */
  ca: CertificateAuthority.optional(),
})

/** The ECS instance that the database runs on, where the connectivity items are to be run by Cloud Assistant. */
const EcsHost = z.strictObject({
  ecsInstanceId: z
    .string()
    .regex(
      /^i-[a-z0-9]{8,30}$/,
      'must be an ECS instance id: "i-" and 8 to 30 lower-case letters and digits',
    ),
  platform: z.enum(['linux', 'windows']),
})

/** Key and value as ECS tags them. */
export const Tags = z.record(z.string().min(1).max(128), z.string().max(128))

const About = {
  /** Region id of Alibaba Cloud, for example `cn-hangzhou`. */
  region: z.string().regex(/^[a-z]{2}-[a-z0-9-]{2,40}$/, 'must be a region id such as cn-hangzhou'),
  description: z.string().max(256).optional(),
  profile: Profile.default('cloud-backup'),
  /** The operations that the backup plan uses. Left out: all, without insisting on log backup of system databases. */
  operations: z.array(Operation).min(1).optional(),
  /** Pluggable databases that must be open; one that is not listed and closed is a warning. */
  requiredDatabases: z.array(z.string().min(1).max(128)).max(1000).optional(),
  endpoints: Endpoints.optional(),
  /** Left out: the connectivity items look from where this service runs. */
  host: EcsHost.optional(),
  tags: Tags.default({}),
  /** When it is prechecked every night; what is left out is inherited from the fleet. */
  schedule: Schedule.optional(),
  /** Times in which no scheduled precheck is started. */
  maintenanceWindows: z.array(MaintenanceWindow).max(32).optional(),
  enabled: z.boolean().default(true),
}

/** What its owner says of an instance: the body of a registration. */
export const InstanceDefinition = z.discriminatedUnion('engine', [
  z.strictObject({ engine: z.literal('sqlserver'), connection: SqlServerConnection, ...About }),
  z.strictObject({ engine: z.literal('oracle'), connection: OracleConnection, ...About }),
])
export type InstanceDefinition = Readonly<z.infer<typeof InstanceDefinition>>

/** `online` once a validation reached the instance with every privilege that the checks need. */
export const InstanceStatus = z.enum(['registered', 'online'])
export type InstanceStatus = z.infer<typeof InstanceStatus>

/** A registered instance. `revision` counts its changes from 1. */
export const Instance = z.strictObject({
  id: InstanceId,
  definition: InstanceDefinition,
  status: InstanceStatus,
  revision: z.int().positive(),
  registeredAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  validatedAt: z.iso.datetime().nullable(),
  /** Known findings that count as warnings; left out where there are none. */
  acknowledgements: z.array(Acknowledgement).min(1).optional(),
})
export type Instance = Readonly<z.infer<typeof Instance>>

/** What a check item may know of the instance that it looks at. */
export const Target = z.strictObject({ instanceId: InstanceId, definition: InstanceDefinition })
export type Target = Readonly<z.infer<typeof Target>>

/** The operations that an instance plans: the ones it names, else all. */
export const plannedOperations = ({ operations }: Pick<InstanceDefinition, 'operations'>): Operation[] => [
  ...(operations ?? allOperations),
]
