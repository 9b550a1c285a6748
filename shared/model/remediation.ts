import * as z from 'zod'
import { languagesOf } from './engine.ts'

/** What a command may do to the users of the database while it runs. */
const Risk = z.enum(['online', 'restart', 'downtime', 'data-loss'])
export type Risk = z.infer<typeof Risk>

/** Where a command is typed. `manual` is an action in words, for what no command does. */
export const Language = z.enum([...Object.values(languagesOf).flat(), 'bash', 'powershell', 'manual'])
export type Language = z.infer<typeof Language>

/** One command, complete and with quoted names, to be run as it is. */
export const RemediationStep = z.strictObject({ language: Language, command: z.string().min(1), risk: Risk })
export type RemediationStep = Readonly<z.infer<typeof RemediationStep>>

/** How to fix a finding, in order, and the query that shows that it is fixed. Printed, never executed. */
export const Remediation = z.strictObject({
  steps: z.array(RemediationStep).min(1),
  verify: z.strictObject({ language: Language, query: z.string().min(1) }).nullable(),
})
export type Remediation = Readonly<z.infer<typeof Remediation>>
