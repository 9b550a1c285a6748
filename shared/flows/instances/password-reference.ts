import type { SecretReference } from '../../model/connections/credential.ts'
import { type SecretRules, passwordRefusal } from '../../model/connections/secret-rules.ts'
import { type Declined, decline } from '../../model/failure.ts'
import { listAll } from '../../ports/documents.ts'
import type { Webhooks } from '../../webhooks/stores.ts'

export interface PasswordDeps {
  readonly webhooks: Pick<Webhooks, 'list'>
  readonly secretRules: SecretRules
}

const refused = (reference: SecretReference, why: string): Declined<'SECRET_REFUSED'> =>
  decline('SECRET_REFUSED', {
    en: `The password cannot be read from ${reference}: ${why}.`,
    zh: `无法从 ${reference} 读取密码：${why}。`,
  })

/**
 * Declines a password that may not be read from where a registration says: whoever registers an instance says which
 * server it is sent to, so that secrets of webhooks must not be reached this way. Null if it may.
 */
export const passwordDeclined = async (
  { webhooks, secretRules }: PasswordDeps,
  reference: SecretReference,
): Promise<Declined<'SECRET_REFUSED'> | null> => {
  const refusal = passwordRefusal(reference, secretRules)
  if (refusal !== null) return refused(reference, refusal)
  const owner = (await listAll(webhooks)).find(({ definition: { token, signingSecret } }) =>
    [token, signingSecret].includes(reference),
  )
  return owner ? refused(reference, `it is a secret of the webhook ${owner.id}`) : null
}
