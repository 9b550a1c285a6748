import type { Engine } from '../../shared/model/engine.ts'
import type { InstanceDefinition } from '../../shared/model/instance.ts'
import type { Document, Field, PathOf } from './fields.ts'

/** An instance as a file of the command line has it: its id, and what its owner says of it. */
export interface Registration {
  readonly id: string
  readonly definition: Document
}

/** Every path of a registration, and the id under which it stands. */
type Path = 'id' | PathOf<InstanceDefinition>

/** Fields whose paths are those of a registration: one that it has no more does not compile. */
const fieldsOf = <const Known extends Path>(...fields: readonly Field<Known>[]): readonly Field<Known>[] =>
  fields

const host = fieldsOf({ path: 'connection.host', kind: 'text', example: '10.0.0.8', isRequired: true })

const login = fieldsOf(
  { path: 'connection.credential.username', kind: 'text', example: 'precheck', isRequired: true },
  {
    path: 'connection.credential.password',
    kind: 'text',
    example: 'env:PRECHECK_SECRET_ORDERS',
    isRequired: true,
  },
)

const redirects = fieldsOf({
  path: 'connection.redirects',
  kind: 'choice',
  options: ['none', 'same-host', 'same-network'],
})

const certificate = fieldsOf(
  { path: 'connection.tls.ca', kind: 'block', example: '-----BEGIN CERTIFICATE-----' },
  { path: 'connection.tls.serverName', kind: 'text' },
  { path: 'connection.tls.trustServerCertificate', kind: 'yes' },
)

const tlsMode = (...options: readonly string[]) =>
  fieldsOf({ path: 'connection.tls.mode', kind: 'choice', options })

const port = (example: string) => fieldsOf({ path: 'connection.port', kind: 'number', example })

/** How a server of each engine is reached. */
const connectionFields = {
  oracle: [
    ...host,
    ...port('1521'),
    ...fieldsOf(
      { path: 'connection.serviceName', kind: 'text', example: 'orclcdb' },
      { path: 'connection.sid', kind: 'text' },
    ),
    ...login,
    ...fieldsOf({ path: 'connection.privilege', kind: 'choice', options: ['normal', 'sysbackup', 'sysdba'] }),
    ...redirects,
    ...tlsMode('required', 'off'),
    ...fieldsOf(
      { path: 'connection.tls.certificateDn', kind: 'text', example: 'CN=db1,O=Example' },
      { path: 'connection.tls.ca', kind: 'block', example: '-----BEGIN CERTIFICATE-----' },
    ),
  ],
  sqlserver: [
    ...host,
    ...port('1433'),
    ...fieldsOf({ path: 'connection.instanceName', kind: 'text', example: 'SQLEXPRESS' }),
    ...login,
    ...redirects,
    ...tlsMode('required', 'strict', 'off'),
    ...certificate,
  ],
  mysql: [...host, ...port('3306'), ...login, ...tlsMode('required', 'off'), ...certificate],
} satisfies Readonly<Record<Engine, readonly Field<Path>[]>>

/** Every engine that an instance can be of. */
export const engines: readonly string[] = Object.keys(connectionFields)

/** Who it is, before the engine is chosen. */
export const aboutFields = fieldsOf(
  { path: 'id', kind: 'text', example: 'orders-db', isRequired: true },
  { path: 'engine', kind: 'choice', options: engines, isRequired: true },
  { path: 'region', kind: 'text', example: 'cn-hangzhou', isRequired: true },
  { path: 'description', kind: 'text' },
  { path: 'tags', kind: 'tags', example: 'team:orders' },
)

/** What is seldom said. */
export const moreFields = fieldsOf(
  { path: 'enabled', kind: 'yes' },
  { path: 'profile', kind: 'choice', options: ['cloud-backup', 'native'] },
  { path: 'operations', kind: 'choices', options: ['full', 'incremental', 'log', 'restore'] },
  { path: 'checks.set', kind: 'choice', options: ['essential', 'standard', 'deep'] },
  { path: 'checks.include', kind: 'lines' },
  { path: 'checks.exclude', kind: 'lines' },
  { path: 'backupAccount', kind: 'text' },
  { path: 'requiredDatabases', kind: 'lines' },
  { path: 'schedule.enabled', kind: 'yes' },
  { path: 'schedule.at', kind: 'text', example: '02:00' },
  { path: 'schedule.timeZone', kind: 'text', example: 'Asia/Shanghai' },
  { path: 'schedule.window', kind: 'number', example: '120' },
  { path: 'host.ecsInstanceId', kind: 'text', example: 'i-bp1example0000' },
  { path: 'host.platform', kind: 'choice', options: ['linux', 'windows'] },
  { path: 'host.volumes', kind: 'lines', example: '/u01' },
  { path: 'endpoints.oss', kind: 'text', example: 'https://oss-cn-hangzhou-internal.aliyuncs.com/' },
  { path: 'endpoints.service', kind: 'lines', example: 'https://hbr-vpc.cn-hangzhou.aliyuncs.com/' },
  { path: 'endpoints.ca', kind: 'block', example: '-----BEGIN CERTIFICATE-----' },
)

const isEngine = (name: string): name is Engine => Object.hasOwn(connectionFields, name)

/** The fields that have labels. */
export type RegistrationPath =
  | (typeof aboutFields)[number]['path']
  | (typeof connectionFields)[Engine][number]['path']
  | (typeof moreFields)[number]['path']

/** The fields of the connection to a server of an engine. */
export const connectionFieldsOf = (engine: string): readonly Field<RegistrationPath>[] =>
  isEngine(engine) ? connectionFields[engine] : []

/** Every field of every engine: the columns that a list may have. */
export const registrationFields: readonly Field<RegistrationPath>[] = [
  ...new Map<string, Field<RegistrationPath>>(
    [...aboutFields, ...Object.values(connectionFields).flat(), ...moreFields].map((field) => [
      field.path,
      field,
    ]),
  ).values(),
]
