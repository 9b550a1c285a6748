import * as z from 'zod'
import { Acknowledgement } from './acknowledgement.ts'
import { AddressName } from './address-name.ts'
import { CheckSelection } from './check-selection.ts'
import { CertificateAuthority } from './connections/certificate-authority.ts'
import { DatabaseRule } from './database-rules.ts'
import { ofEngine } from './engine.ts'
import { fieldMessage } from './field-message.ts'
import { MaintenanceWindow } from './maintenance-window.ts'
import { Operation, allOperations } from './operation.ts'
import { Profile } from './profile.ts'
import { Schedule } from './schedule.ts'
import { Validation } from './validation.ts'

/** Id of a registered instance, chosen by its owner; stands in addresses as it is. */
export const InstanceId = AddressName
export type InstanceId = z.infer<typeof InstanceId>

const HttpsUrl = z.url({ protocol: /^https$/ }).max(2048)

/** Endpoints of the two connectivity items, where they differ from those of the region. */
const Endpoints = z.strictObject({
  oss: HttpsUrl.optional().describe('Endpoint of OSS. Left out: the internal one of the region.'),
  service: z
    .array(HttpsUrl)
    .min(1)
    .max(16)
    .optional()
    .describe('Endpoints of Cloud Backup. Left out: those of the region.'),
  ca: CertificateAuthority.optional().describe('Trusted beside the public authorities, in PEM.'),
})

/** Whole path of a folder: from `/` on Linux, from a drive on Windows. */
const HostFolder = z
  .string()
  .max(1024)
  .regex(
    /^(?:\/|[A-Za-z]:\\)\P{Cc}*$/u,
    fieldMessage({
      en: 'must be a whole path ("/…", or "C:\\…" on Windows) without control characters',
      zh: '须为完整路径（以“/”开头，Windows 上以“C:\\”等开头），且不含控制字符',
    }),
  )

/** The ECS instance that the database runs on, where it is to be looked at by Cloud Assistant. */
const EcsHost = z.strictObject({
  ecsInstanceId: z.string().regex(
    /^i-[a-z0-9]{8,30}$/,
    fieldMessage({
      en: 'must be an ECS instance id: "i-" and 8 to 30 lower-case letters and digits',
      zh: '须为 ECS 实例 ID：“i-”加 8 至 30 个小写字母和数字',
    }),
  ),
  platform: z.enum(['linux', 'windows']),
  volumes: z
    .array(HostFolder)
    .min(1)
    .max(16)
    .optional()
    .describe(
      'Folders of data, log, archive and client cache, whose volumes must have room; that of the system is looked at anyway.',
    ),
})

/** Key and value as ECS tags them. */
export const Tags = z.record(z.string().min(1).max(128), z.string().max(128))

const About = {
  region: z
    .string()
    .regex(
      /^[a-z]{2}-[a-z0-9-]{2,40}$/,
      fieldMessage({ en: 'must be a region id such as cn-hangzhou', zh: '须为地域 ID，例如 cn-hangzhou' }),
    )
    .describe('Region id of Alibaba Cloud, for example cn-hangzhou.'),
  description: z.string().max(256).optional(),
  profile: Profile.default('cloud-backup').describe(
    'Whose rules decide: those of Cloud Backup, or what the engine itself can do with its own backup tools.',
  ),
  operations: z
    .array(Operation)
    .min(1)
    .optional()
    .describe(
      'The operations that the backup plan uses. Left out: all, without insisting on log backup of system databases.',
    ),
  requiredDatabases: z
    .array(z.string().min(1).max(128))
    .max(1000)
    .optional()
    .describe(
      'Databases that must be there and open; a pluggable one that is not listed and closed is a warning.',
    ),
  checks: CheckSelection.optional().describe(
    'Which check items it has. Left out: the set standard for a new registration, essential for older ones.',
  ),
  backupAccount: z
    .string()
    .min(1)
    .max(128)
    .optional()
    .describe('The account that takes the backups, whose rights are looked up; nobody logs in as it.'),
  databases: z
    .array(DatabaseRule)
    .min(1)
    .max(100)
    .optional()
    .describe('What is meant to be different of some databases.'),
  endpoints: Endpoints.optional().describe(
    'Endpoints to be reached, where they differ from those of the region.',
  ),
  host: EcsHost.optional().describe(
    'The ECS instance of the database, looked at by Cloud Assistant. Left out: the connectivity items look from where this service runs, and the items of the host do not apply.',
  ),
  tags: Tags.default({}).describe('Keys and values by which sweeps, policies and webhooks choose instances.'),
  schedule: Schedule.optional().describe(
    'When it is prechecked every night; what is left out is inherited from the fleet.',
  ),
  maintenanceWindows: z
    .array(MaintenanceWindow)
    .max(32)
    .optional()
    .describe('Times in which no scheduled precheck is started.'),
  enabled: z.boolean().default(true).describe('false: kept, but not prechecked at night.'),
}

/** What its owner says of an instance: the body of a registration. */
export const InstanceDefinition = ofEngine(About)
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
  /** Left out where its connection has not been validated. */
  validation: Validation.optional(),
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
