import type { Remediation } from '../../model/remediation.ts'

/** Commands for SQL*Plus that harm nobody while they run, and the query that shows their effect. */
export const sqlSteps = (verify: Remediation['verify'], ...commands: readonly string[]): Remediation => ({
  steps: commands.map((command) => ({ language: 'sqlplus', command, risk: 'online' })),
  verify,
})
