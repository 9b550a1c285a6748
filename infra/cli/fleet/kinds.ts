import type * as z from 'zod'
import type { Detail } from '../../../shared/model/failure.ts'
import { InstanceDefinition } from '../../../shared/model/instance.ts'
import { PolicyDefinition } from '../../../shared/model/policy.ts'
import { WebhookDefinition } from '../../../shared/webhooks/model/webhook.ts'

/** What a fleet is described by, in the order in which it is written: a precheck that starts is judged by policies. */
export const kinds = ['policy', 'instance', 'webhook'] as const
export type Kind = (typeof kinds)[number]

/** The fields of an instance, a policy or a webhook. */
export type Definition = Readonly<Record<string, unknown>>

/** What its owner says of each. */
export const definitions: Readonly<Record<Kind, z.ZodType<Definition>>> = {
  policy: PolicyDefinition,
  instance: InstanceDefinition,
  webhook: WebhookDefinition,
}

/** Something that documents describe. */
export interface Described {
  readonly kind: Kind
  readonly name: string
  /** File and line. */
  readonly place: string
  readonly definition: Definition
}

/** Something that documents describe and that cannot be so. */
export interface Refused {
  /** Kind and name; of a whole document: `document`. */
  readonly subject: string
  readonly place: string
  /** Fields on lines of their own. */
  readonly message: Detail
}

/** Something that the service has. */
export interface Stored {
  readonly kind: Kind
  readonly name: string
  /** Its address in the API. */
  readonly path: string
  readonly revision: number
  readonly definition: Definition
}

/** What webhooks are told apart by: their ids are given by the service, and no file knows them. */
export const webhookName = ({ url, token }: Pick<WebhookDefinition, 'url' | 'token'>): string =>
  token === undefined ? url : `${url} (${token})`
