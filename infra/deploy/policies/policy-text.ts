import { readFileSync } from 'node:fs'
import * as z from 'zod'

/** Whose account a policy is for. */
export interface PolicyPlace {
  readonly account: string
  readonly region: string
  /** The instance of Tablestore. */
  readonly instance: string
  /** Id of the key in the KMS instance that encrypts the secrets; null: there is no KMS instance. */
  readonly key: string | null
}

/** The functions, by the names of their policies and, after `precheck-`, of their roles. */
export const functionNames = ['api', 'run-check', 'collect', 'schedule', 'notify'] as const

/** Policies of this folder: one for the role of each function, one for who deploys. */
export const policyNames = [...functionNames, 'deployer'] as const
export type PolicyName = (typeof policyNames)[number]

/** What stands beside the actions of a statement does not matter here. */
const Document = z.looseObject({ Statement: z.array(z.looseObject({ Action: z.array(z.string()) })) })

const isOfKms = ({ Action: actions }: { readonly Action: readonly string[] }): boolean =>
  actions.every((action) => action.startsWith('kms:'))

/**
 * The text of a policy for one account, as RAM takes it. RAM writes names of instances in small letters. Without a key
 * there is no KMS that anything could be allowed in.
 */
export const policyText = (name: PolicyName, { account, region, instance, key }: PolicyPlace): string => {
  const text = readFileSync(new URL(`${name}.json`, import.meta.url), 'utf8')
    .replaceAll('{account}', account)
    .replaceAll('{region}', region)
    .replaceAll('{instance}', instance.toLowerCase())
  if (key !== null) return text.replaceAll('{key}', key)
  const document = Document.parse(JSON.parse(text))
  const statements = document.Statement.filter((statement) => !isOfKms(statement))
  return `${JSON.stringify({ ...document, Statement: statements }, null, 2)}\n`
}

/** Who may act as the roles: Function Compute. */
export const trustText = (): string =>
  readFileSync(new URL('trust-function-compute.json', import.meta.url), 'utf8')
