import { problemOf } from '../../../shared/adapters/oracle/errors.ts'
import type { ErrorNumber, Problem } from '../../../shared/checks/problems/problem.ts'

/** A password that errors may repeat, and nothing may show. */
export const password = 'never-to-be-seen'

/** What the server says in these errors. */
export const said = 'words of the server'

/** An error as node-oracledb throws it: a number of the server stands in the text, one of its own in `code` too. */
export const metByOracle = (
  number: ErrorNumber,
  where: Partial<Parameters<typeof problemOf>[1]> = {},
  text = `${number}: ${said}\nHelp: https://docs.oracle.com/error-help/db/`,
): Problem =>
  problemOf(Object.assign(new Error(text), { code: String(number) }), {
    stage: 'asking',
    host: 'db.example',
    port: 1521,
    service: 'orcl',
    user: 'precheck',
    password,
    privilege: 'normal',
    afterMs: 1000,
    ...where,
  })
