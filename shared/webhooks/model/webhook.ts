import * as z from 'zod'
import { Engine } from '../../model/engine.ts'
import { fieldMessage } from '../../model/field-message.ts'
import { SecretReference } from '../../model/connections/credential.ts'
import { InstanceId, Tags } from '../../model/instance.ts'
import { Locale } from '../../model/message.ts'
import { parseUrl } from '../../model/url.ts'
import { calledFormats, eventTypes, webhookFormats } from './choices.ts'
import { maxRecipients, recipientsOf } from './recipients.ts'

export const WebhookId = z.string().regex(/^wh_[0-9a-f]{16}$/)
export type WebhookId = z.infer<typeof WebhookId>

export const EventType = z.enum(eventTypes)
export type EventType = z.infer<typeof EventType>

export const CalledFormat = z.enum(calledFormats)
export type CalledFormat = z.infer<typeof CalledFormat>

export const WebhookFormat = z.enum(webhookFormats)
export type WebhookFormat = z.infer<typeof WebhookFormat>

/** Stands in the URL where the secret part of the address of a robot belongs. */
export const tokenPlaceholder = '{token}'

/** Parses an address as it would be called; the placeholder is filled with a letter. */
const parseAddress = (url: string): URL | null => parseUrl(url.replaceAll(tokenPlaceholder, 't'))

const WebhookUrl = z
  .string()
  .max(2048)
  .regex(/^[^\s\p{Cc}]*$/u, {
    message: fieldMessage({ en: 'must not contain spaces or line breaks', zh: '不得包含空格或换行' }),
    abort: true,
  })
  .refine((url) => /^(https?|mailto):$/.test(parseAddress(url)?.protocol ?? ''), {
    message: fieldMessage({
      en: 'must be an https address, or mailto: and addresses of e-mail',
      zh: '须为 https 地址，或 mailto: 加电子邮件地址',
    }),
    abort: true,
  })
  .refine((url) => !url.startsWith('mailto:') || recipientsOf(url) !== null, {
    message: fieldMessage({
      en: `must be mailto: and up to ${maxRecipients} addresses of e-mail, separated by commas, without names and fields`,
      zh: `须为 mailto: 加最多 ${maxRecipients} 个以逗号分隔的电子邮件地址，不含姓名和其他字段`,
    }),
    abort: true,
  })
  .refine(
    (url) => {
      const address = parseAddress(url)
      return address !== null && address.username === '' && address.password === ''
    },
    fieldMessage({ en: 'must not contain a user name or password', zh: '不得包含用户名或密码' }),
  )
  .refine(
    (url) => !url.includes('#'),
    fieldMessage({ en: 'must not contain a fragment', zh: '不得包含片段（#）' }),
  )

/** Instances whose events a webhook gets. What is left out lets everything through; every tag must match. */
const WebhookFilter = z.strictObject({
  instances: z.array(InstanceId).min(1).max(1000).optional(),
  tags: Tags.optional(),
  engine: Engine.optional(),
})

/** Formats whose robots check a signature of their own. */
const signedRobots: readonly WebhookFormat[] = ['dingtalk', 'feishu']

/** What its owner defines of a webhook. */
export const WebhookDefinition = z
  .strictObject({
    url: WebhookUrl.describe(
      'An https address, or mailto: and addresses of e-mail. The address of a robot is a secret: {token} stands for the secret part, which token refers to.',
    ),
    token: SecretReference.optional().describe('Where the secret part of url is.'),
    signingSecret: SecretReference.optional().describe(
      'Where the secret is with which the robots of DingTalk and Feishu check signatures.',
    ),
    description: z.string().max(256).optional(),
    events: z
      .array(EventType)
      .min(1)
      .default(['precheck.failed', 'precheck.recovered'])
      .describe('What it is told.'),
    filter: WebhookFilter.default({}).describe('Instances whose events it gets. Left out: all.'),
    only: z
      .enum(['changes', 'always'])
      .default('changes')
      .describe('changes: only when something is new, resolved or of another outcome than the last result.'),
    remindEveryDays: z
      .int()
      .min(1)
      .max(90)
      .optional()
      .describe('Days between two of precheck.reminder. Left out: 7.'),
    format: WebhookFormat.default('json').describe('How it is told.'),
    locale: Locale.default('en').describe('Language of its texts.'),
    enabled: z.boolean().default(true),
  })
  .refine(({ url, token }) => url.includes(tokenPlaceholder) === (token !== undefined), {
    path: ['token'],
    message: fieldMessage({
      en: `url and token go together: url contains ${tokenPlaceholder} if, and only if, token refers to the secret for it`,
      zh: `url 与 token 须成对出现：当且仅当 token 引用其密钥时，url 才包含 ${tokenPlaceholder}`,
    }),
  })
  .refine(({ url, format }) => (format === 'email') === (recipientsOf(url) !== null), {
    path: ['url'],
    message: fieldMessage({
      en: 'mailto: and the format email go together',
      zh: 'mailto: 与格式 email 须同时使用',
    }),
  })
  .refine(({ url, format }) => ['json', 'email'].includes(format) || url.includes(tokenPlaceholder), {
    path: ['url'],
    message: fieldMessage({
      en: `the address of a robot is secret: write ${tokenPlaceholder} instead of its secret part, and refer to that part with token`,
      zh: `机器人的地址是机密：请用 ${tokenPlaceholder} 代替其机密部分，并用 token 引用该部分`,
    }),
  })
  .refine(({ signingSecret, format }) => signingSecret === undefined || signedRobots.includes(format), {
    path: ['signingSecret'],
    message: fieldMessage({
      en: 'is only for the formats dingtalk and feishu; json is signed with a secret that the service generates',
      zh: '仅用于格式 dingtalk 和 feishu；json 使用本服务生成的密钥签名',
    }),
  })
export type WebhookDefinition = Readonly<z.infer<typeof WebhookDefinition>>

/** A secret by its number, from 1; the secret itself is computed, and stored nowhere. */
const SecretVersion = z.strictObject({
  version: z.int().positive(),
  /** After a rotation it signs beside newer ones until then (UTC); null for the newest. */
  until: z.iso.datetime().nullable(),
})

/** Secrets of a webhook that may sign at a time: also who rotates twice, having lost the first answer, cuts no receiver off. */
export const maxSecrets = 3

/** A registered webhook. `revision` counts its changes from 1. */
export const Webhook = z.strictObject({
  id: WebhookId,
  definition: WebhookDefinition,
  /** Newest first. */
  secrets: z.array(SecretVersion).min(1).max(maxSecrets),
  /** Since when and why the service calls it no more, although `enabled`; a change of the definition ends it. */
  stopped: z.strictObject({ at: z.iso.datetime(), code: z.enum(['GONE']) }).nullable(),
  revision: z.int().positive(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
})
export type Webhook = Readonly<z.infer<typeof Webhook>>
