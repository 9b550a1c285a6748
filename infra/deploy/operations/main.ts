import * as z from 'zod'
import { quoteShell } from '../../../shared/checks/framework/quote-shell.ts'
import { alarmTable } from './alarm-table.ts'
import { type CloudRequest, operationRequests } from './requests.ts'

/**
 * Prints the commands that make dashboard and alarms, as a shell script: `npm run -s alarms | sh -e`. With `--table`:
 * the table for docs/operations.md.
 */

const Environment = z.object({
  ALIBABA_CLOUD_ACCOUNT_ID: z.string().regex(/^\d+$/),
  ALIBABA_CLOUD_REGION_ID: z.string().regex(/^[a-z]{2}-[a-z0-9-]+$/),
  LOG_PROJECT: z.string().min(1),
  LOG_STORE: z.string().min(1),
  ALARM_CONTACT_GROUP: z.string().min(1),
  ALARM_ACTION_POLICY: z.string().min(1),
  NIGHT_COMPLETED_BY: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
    .default('05:30'),
  NIGHT_UTC_OFFSET: z
    .string()
    .regex(/^[+-]\d{4}$/)
    .default('+0800'),
})

const commandOf = (args: readonly string[]): string => ['aliyun', ...args.map(quoteShell)].join(' ')

const linesOf = ({ title, args, instead }: CloudRequest): string =>
  [`# ${title}`, instead ? `${commandOf(args)} ||\n  ${commandOf(instead)}` : commandOf(args)].join('\n')

const script = (): string => {
  const parsed = Environment.safeParse(process.env)
  if (!parsed.success) {
    const missing = parsed.error.issues.map(({ path }) => path.join('.'))
    throw new TypeError(`Missing or invalid environment variables: ${missing.join(', ')}.`)
  }
  const { data } = parsed
  const requests = operationRequests({
    account: data.ALIBABA_CLOUD_ACCOUNT_ID,
    region: data.ALIBABA_CLOUD_REGION_ID,
    project: data.LOG_PROJECT,
    logstore: data.LOG_STORE,
    contactGroup: data.ALARM_CONTACT_GROUP,
    actionPolicy: data.ALARM_ACTION_POLICY,
    nightCompletedBy: data.NIGHT_COMPLETED_BY,
    utcOffset: data.NIGHT_UTC_OFFSET,
  })
  return `${requests.map(linesOf).join('\n')}\n`
}

try {
  process.stdout.write(process.argv.includes('--table') ? alarmTable() : script())
} catch (fault) {
  if (!(fault instanceof TypeError)) throw fault
  process.stderr.write(`${fault.message}\n`)
  process.exitCode = 3
}
