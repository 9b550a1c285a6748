import { type Parameters, required } from './parameters.ts'
import { Refusal } from './refusal.ts'

/** A secret as it is kept: a text, or bytes. */
export type StoredSecret = string | { readonly binary: Buffer }

/** KMS 2016-01-20: making of secrets, in a KMS instance that was bought. */
export const kmsSecretMaking = (secrets: Record<string, StoredSecret>) => ({
  DescribeSecret: ({ SecretName = '' }: Parameters): object => {
    if (secrets[SecretName] === undefined)
      throw new Refusal(404, 'Forbidden.ResourceNotFound', 'Resource not found.')
    return { SecretName }
  },
  CreateSecret: (parameters: Parameters): object => {
    const name = required(parameters, 'SecretName')
    for (const needed of ['VersionId', 'DKMSInstanceId', 'EncryptionKeyId']) required(parameters, needed)
    if (secrets[name] !== undefined) throw new Refusal(409, 'Rejected.ResourceExist', 'There is one already.')
    secrets[name] = required(parameters, 'SecretData')
    return { SecretName: name }
  },
})

/** KMS 2016-01-20: reading of secrets. `secrets` may change while it runs. */
export const kms = (secrets: Readonly<Record<string, StoredSecret>>) => ({
  GetSecretValue: (parameters: Parameters): object => {
    const name = required(parameters, 'SecretName')
    const secret = secrets[name]
    if (secret === undefined) throw new Refusal(404, 'Forbidden.ResourceNotFound', 'Resource not found.')
    const value =
      typeof secret === 'string'
        ? { SecretData: secret, SecretDataType: 'text' }
        : { SecretData: secret.binary.toString('base64'), SecretDataType: 'binary' }
    return {
      ...value,
      SecretName: name,
      SecretType: 'Generic',
      VersionId: '1',
      VersionStages: { VersionStage: ['ACSCurrent'] },
    }
  },
})
