import { readFileSync } from 'node:fs'

/** Whose account a policy is for. */
export interface PolicyPlace {
  readonly account: string
  readonly region: string
  /** The instance of Tablestore. */
  readonly instance: string
  /** Id of the key in the KMS instance that encrypts the secrets. */
  readonly key: string
}

/** Policies of this folder: one for the role of each function, one for who provisions. */
export const policyNames = ['api', 'run-check', 'collect', 'schedule', 'notify', 'provision'] as const
export type PolicyName = (typeof policyNames)[number]

/** The text of a policy for one account, as RAM takes it. RAM writes names of instances in small letters. */
export const policyText = (name: PolicyName, { account, region, instance, key }: PolicyPlace): string =>
  readFileSync(new URL(`${name}.json`, import.meta.url), 'utf8')
    .replaceAll('{account}', account)
    .replaceAll('{region}', region)
    .replaceAll('{key}', key)
    .replaceAll('{instance}', instance.toLowerCase())
