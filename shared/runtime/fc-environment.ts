import * as z from 'zod'
import { defaultEndpointSettings } from '../checks/connectivity/endpoints.ts'
import { parseUrl } from '../model/url.ts'
import { FanOut } from '../model/fan-out.ts'
import { logLevels } from '../ports/log.ts'
import { isMailWhole, mailNotWhole, mailSettingsOf, mailVariables } from './mail-settings.ts'
import {
  DatabaseNetworkList,
  EndpointList,
  EndpointTemplate,
  RequestsPerMinute,
  Seconds,
  parseSettings,
} from './settings.ts'
import { sweepSettingsOf, sweepVariables } from './sweep-settings.ts'
import { PreviousKey, webhookKeysOf, webhookRulesOf, webhookVariables } from './webhook-settings.ts'

/**
 * The settings of the deployed functions: a schema for each of them, holding what that function needs and nothing else.
 * Addresses may hold `{region}`. Keys are not settings: they come from the role of the function.
 */

/** Hosts that may be asked over plain HTTP: stand-ins on the same machine. */
const loopback = /^(127\.0\.0\.1|localhost)$/

/** Inside a VPC, Simple Message Queue has no other addresses than these, and plain HTTP alone ("Endpoints", its manual). */
const internalQueues = /\.mns\.[a-z0-9-]+-internal(-vpc)?\.aliyuncs\.com$/

const isAddress = (template: string, plainHosts: RegExp): boolean => {
  const { protocol, hostname = '' } = parseUrl(template.replaceAll('{region}', 'cn-hangzhou')) ?? {}
  return protocol === 'https:' || (protocol === 'http:' && plainHosts.test(hostname))
}

/** Address of a service of Alibaba Cloud. */
const ServiceAddress = z.string().refine((text) => isAddress(text, loopback), 'must be an https address')

const QueueAddress = z
  .string()
  .refine(
    (text) => isAddress(text, loopback) || isAddress(text, internalQueues),
    'must be an https address or the internal address of the queues',
  )

/** Name of a queue: letters, digits and hyphens, up to 120 ("Limits", Simple Message Queue manual). */
const QueueName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9-]{0,119}$/, 'must be a queue name: letters, digits and hyphens, at most 120')

const log = { PRECHECK_LOG_LEVEL: z.enum(logLevels).default('info') }

const place = {
  PRECHECK_ACCOUNT_ID: z.string().regex(/^\d{1,20}$/, 'must be an account ID (digits)'),
  PRECHECK_REGION: z.string().regex(/^[a-z]{2}-[a-z0-9-]+$/, 'must be a region id such as cn-hangzhou'),
  PRECHECK_MNS_ENDPOINT: QueueAddress.optional(),
}

const tables = {
  PRECHECK_TABLESTORE_ENDPOINT: ServiceAddress,
  /** 3 to 16 letters, digits and hyphens ("Instance", Tablestore manual). */
  PRECHECK_TABLESTORE_INSTANCE: z.string().regex(/^[A-Za-z][A-Za-z0-9-]{1,14}[A-Za-z0-9]$/),
}

/** The queues of the service, as they are called unless a setting says otherwise. */
export const queueNames = {
  checks: 'precheck-checks',
  results: 'precheck-results',
  notifications: 'precheck-notifications',
} as const

/** The queue that keeps what a queue gave up. */
export const deadLetterQueue = (queue: string): string => `${queue}-dead`

const checkQueue = { PRECHECK_CHECK_QUEUE: QueueName.default(queueNames.checks) }
const resultQueue = { PRECHECK_RESULT_QUEUE: QueueName.default(queueNames.results) }
const notificationQueue = { PRECHECK_NOTIFICATION_QUEUE: QueueName.default(queueNames.notifications) }

const limits = {
  PRECHECK_DEADLINE_SECONDS: Seconds(1, 3600).default(60),
  PRECHECK_ITEM_SECONDS: Seconds(1, 280).default(20),
}

/** Items travel alone, as the platform scales them; `session` saves invocations and logins. */
const fanOut = { PRECHECK_FAN_OUT: FanOut.default('essential') }

const secrets = { PRECHECK_KMS_ENDPOINT: ServiceAddress.default('https://kms-vpc.{region}.aliyuncs.com') }

/**
 * The key from which the secrets of webhooks are computed. Its name in KMS does not begin as those of passwords do,
 * which every registration may refer to; a variable is in the environment of `api` and `notify` alone.
 */
const ownSecret = /^(kms:(?!precheck-)[A-Za-z0-9_/+=.@-]{1,64}|env:PRECHECK_SECRET_\w{1,64})$/
const webhookKey = {
  PRECHECK_WEBHOOK_KEY_PREVIOUS: PreviousKey(ownSecret),
  PRECHECK_WEBHOOK_KEY: z
    .string()
    .regex(
      ownSecret,
      'must be kms:NAME with a name that does not start with precheck-, or env:PRECHECK_SECRET_…',
    )
    .default('kms:backup-precheck-webhook-key'),
}

const checks = {
  PRECHECK_DATABASE_NETWORKS: DatabaseNetworkList.default(null),
  PRECHECK_ECS_ENDPOINT: ServiceAddress.default('https://ecs.{region}.aliyuncs.com'),
  PRECHECK_OSS_ENDPOINT: EndpointTemplate.default(defaultEndpointSettings.oss),
  PRECHECK_SERVICE_ENDPOINTS: EndpointList.default([...defaultEndpointSettings.service]),
}

/** What variables of one kind come to, given in the parsed environment. */
type Parsed<Variables extends z.core.$ZodLooseShape> = z.output<z.ZodObject<Variables>>

const inRegion = (template: string, region: string): string => template.replaceAll('{region}', region)

const mnsOf = (variables: Parsed<typeof place>) => {
  const { PRECHECK_ACCOUNT_ID: accountId, PRECHECK_REGION: region, PRECHECK_MNS_ENDPOINT: own } = variables
  return { accountId, region, ...(own !== undefined && { endpoint: inRegion(own, region) }) }
}

const tablestoreOf = (variables: Parsed<typeof tables & typeof place>) => ({
  endpoint: inRegion(variables.PRECHECK_TABLESTORE_ENDPOINT, variables.PRECHECK_REGION),
  instance: variables.PRECHECK_TABLESTORE_INSTANCE,
})

const limitsOf = (variables: Parsed<typeof limits>) => ({
  deadlineMs: variables.PRECHECK_DEADLINE_SECONDS * 1000,
  itemMs: variables.PRECHECK_ITEM_SECONDS * 1000,
})

const queuesOf = (variables: Parsed<typeof checkQueue & typeof resultQueue & typeof notificationQueue>) => ({
  checks: variables.PRECHECK_CHECK_QUEUE,
  results: variables.PRECHECK_RESULT_QUEUE,
  notifications: variables.PRECHECK_NOTIFICATION_QUEUE,
})

const kmsOf = (variables: Parsed<typeof secrets & typeof place>) => ({
  endpoint: inRegion(variables.PRECHECK_KMS_ENDPOINT, variables.PRECHECK_REGION),
})

/** The role of `notify` reads secrets of KMS with this name alone. */
const mail = mailVariables(/^(kms:precheck-webhook-[A-Za-z0-9_/+=.@-]{1,47}|env:PRECHECK_SECRET_\w{1,64})$/)

const webhooksOf = (variables: Parsed<typeof webhookVariables & typeof webhookKey & typeof mail>) => ({
  webhookRules: webhookRulesOf(variables, variables.PRECHECK_SMTP_URL),
  ...webhookKeysOf(
    variables.PRECHECK_WEBHOOK_KEY,
    variables.PRECHECK_WEBHOOK_KEY_PREVIOUS,
    variables.PRECHECK_SMTP_CREDENTIAL,
  ),
})

/** `api`: tables, prechecks to start, passwords with which `validate` logs in, and webhooks. */
export const ApiSettings = z
  .strictObject({
    ...log,
    ...place,
    ...tables,
    ...checkQueue,
    ...resultQueue,
    ...notificationQueue,
    ...limits,
    ...fanOut,
    ...secrets,
    ...webhookVariables,
    ...webhookKey,
    ...mail,
    PRECHECK_REQUESTS_PER_MINUTE: RequestsPerMinute,
  })
  .refine(isMailWhole, mailNotWhole)
  .transform((variables) => ({
    logLevel: variables.PRECHECK_LOG_LEVEL,
    requestsPerMinute: variables.PRECHECK_REQUESTS_PER_MINUTE,
    mns: mnsOf(variables),
    tablestore: tablestoreOf(variables),
    queues: queuesOf(variables),
    /** Time limits of a precheck, ms. */
    limits: limitsOf(variables),
    fanOut: variables.PRECHECK_FAN_OUT,
    kms: kmsOf(variables),
    publicUrl: mailSettingsOf(variables).publicUrl,
    ...webhooksOf(variables),
  }))
export type ApiSettings = Readonly<z.infer<typeof ApiSettings>>

/** `run-check`: no tables. Its own queue takes back what has to be asked again later. */
export const RunCheckSettings = z
  .strictObject({ ...log, ...place, ...checkQueue, ...resultQueue, ...secrets, ...checks })
  .transform((variables) => ({
    logLevel: variables.PRECHECK_LOG_LEVEL,
    mns: mnsOf(variables),
    queues: { checks: variables.PRECHECK_CHECK_QUEUE, results: variables.PRECHECK_RESULT_QUEUE },
    kms: kmsOf(variables),
    /** `{region}` stays in it: instances may be in other regions than the function. */
    ecs: { endpoint: variables.PRECHECK_ECS_ENDPOINT },
    endpoints: { oss: variables.PRECHECK_OSS_ENDPOINT, service: variables.PRECHECK_SERVICE_ENDPOINTS },
    /** Networks that databases may be in; null for all. */
    databaseNetworks: variables.PRECHECK_DATABASE_NETWORKS,
  }))
export type RunCheckSettings = Readonly<z.infer<typeof RunCheckSettings>>

/** `collect`: tables, deadlines that came too early, and notifications. */
export const CollectSettings = z
  .strictObject({ ...log, ...place, ...tables, ...resultQueue, ...notificationQueue })
  .transform((variables) => ({
    logLevel: variables.PRECHECK_LOG_LEVEL,
    mns: mnsOf(variables),
    tablestore: tablestoreOf(variables),
    queues: {
      results: variables.PRECHECK_RESULT_QUEUE,
      notifications: variables.PRECHECK_NOTIFICATION_QUEUE,
    },
  }))
export type CollectSettings = Readonly<z.infer<typeof CollectSettings>>

/** `schedule`: tables, prechecks to start, and notifications. */
export const ScheduleSettings = z
  .strictObject({
    ...log,
    ...place,
    ...tables,
    ...checkQueue,
    ...resultQueue,
    ...notificationQueue,
    PRECHECK_ITEM_SECONDS: limits.PRECHECK_ITEM_SECONDS,
    ...fanOut,
    ...sweepVariables,
  })
  .transform((variables) => ({
    logLevel: variables.PRECHECK_LOG_LEVEL,
    mns: mnsOf(variables),
    tablestore: tablestoreOf(variables),
    queues: queuesOf(variables),
    fanOut: variables.PRECHECK_FAN_OUT,
    ...sweepSettingsOf(variables, { itemMs: variables.PRECHECK_ITEM_SECONDS * 1000 }),
  }))
export type ScheduleSettings = Readonly<z.infer<typeof ScheduleSettings>>

/** `notify`: tables, secrets of receivers, and deliveries that have to be tried again later. */
export const NotifySettings = z
  .strictObject({
    ...log,
    ...place,
    ...tables,
    ...notificationQueue,
    ...secrets,
    ...webhookVariables,
    ...webhookKey,
    ...mail,
  })
  .refine(isMailWhole, mailNotWhole)
  .transform((variables) => ({
    logLevel: variables.PRECHECK_LOG_LEVEL,
    mns: mnsOf(variables),
    tablestore: tablestoreOf(variables),
    queues: { notifications: variables.PRECHECK_NOTIFICATION_QUEUE },
    kms: kmsOf(variables),
    mail: mailSettingsOf(variables),
    ...webhooksOf(variables),
  }))
export type NotifySettings = Readonly<z.infer<typeof NotifySettings>>

/** The schema of each deployed function, by the folder that it is in. */
export const fcSettings = {
  api: ApiSettings,
  'run-check': RunCheckSettings,
  collect: CollectSettings,
  schedule: ScheduleSettings,
  notify: NotifySettings,
} as const

/** Reads the settings of one function; throws `SettingsInvalid` with one line for every fault. */
export const readFcSettings = <Settings>(
  schema: z.ZodType<Settings>,
  environment: NodeJS.ProcessEnv,
): Settings => parseSettings(schema, environment, 'docs/deployment.md')
