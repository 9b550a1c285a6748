import * as z from 'zod'
import { policyNames, policyText } from './policy-text.ts'

/** Prints one of the policies for the account that the environment names: `npm run policy -- run-check`. */

const Environment = z.object({
  ALIBABA_CLOUD_ACCOUNT_ID: z.string().regex(/^\d+$/),
  ALIBABA_CLOUD_REGION_ID: z.string().regex(/^[a-z]{2}-[a-z0-9-]+$/),
  TABLESTORE_INSTANCE: z.string().min(1),
  KMS_KEY_ID: z
    .string()
    .regex(/^key-[a-z0-9-]+$/)
    .optional(),
})

const print = (wanted: string | undefined): string => {
  const name = policyNames.find((known) => known === wanted)
  if (!name) return `Give the name of one policy: ${policyNames.join(', ')}.`
  const parsed = Environment.safeParse(process.env)
  if (!parsed.success) {
    const missing = parsed.error.issues.map(({ path }) => path.join('.'))
    return `Missing or invalid environment variables: ${missing.join(', ')}.`
  }
  const { data } = parsed
  const place = {
    account: data.ALIBABA_CLOUD_ACCOUNT_ID,
    region: data.ALIBABA_CLOUD_REGION_ID,
    instance: data.TABLESTORE_INSTANCE,
    key: data.KMS_KEY_ID ?? null,
  }
  process.stdout.write(policyText(name, place))
  return ''
}

const complaint = print(process.argv[2])
if (complaint) {
  process.stderr.write(`${complaint}\n`)
  process.exitCode = 3
}
