import * as z from 'zod'
import { fieldMessage } from '../field-message.ts'

/**
 * Where a secret is kept: a name in the environment, a file that only the service can read, or a secret of KMS by its
 * name (1 to 64 characters, "CreateSecret", KMS developer reference). Never the secret itself. Which of them may be
 * used is in `secret-rules.ts`: what older versions have stored is read still.
 */
export const SecretReference = z
  .string()
  .max(1024)
  .regex(
    /^(env:[A-Za-z_][A-Za-z0-9_]*|file:\/.+|kms:[A-Za-z0-9_/+=.@-]{1,64})$/,
    fieldMessage({
      en: 'must be env:PRECHECK_SECRET_NAME, file:/absolute/path or kms:NAME; a password itself is never stored',
      zh: '须为 env:PRECHECK_SECRET_NAME、file:/absolute/path 或 kms:NAME；从不保存密码本身',
    }),
  )
export type SecretReference = z.infer<typeof SecretReference>

/** A login: the name in clear, the password as a reference. */
export const Credential = z.strictObject({
  username: z.string().min(1).max(128).describe('Login of the prechecks.'),
  password: SecretReference.describe(
    'Where the password is: env:PRECHECK_SECRET_NAME, file:/absolute/path or kms:NAME; never the password itself.',
  ),
})
