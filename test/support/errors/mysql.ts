import { problemOf } from '../../../shared/adapters/mysql/errors.ts'
import type { ErrorNumber, Problem } from '../../../shared/checks/problems/problem.ts'

/** A password that errors may repeat, and nothing may show. */
export const password = 'never-to-be-seen'

/** What the server says in these errors. */
export const said = 'words of the server'

/** An error as mysql2 throws it: a number of the server, which it names as if it were of MySQL, or a code of its own. */
export const metByMySql = (
  number: ErrorNumber,
  where: Partial<Parameters<typeof problemOf>[1]> = {},
  text = said,
): Problem => {
  const about = typeof number === 'number' ? { errno: number, code: 'ER_MISNAMED' } : { code: number }
  return problemOf(Object.assign(new Error(text), about), {
    stage: 'asking',
    host: 'db.example',
    port: 3306,
    user: 'precheck',
    password,
    isPlain: false,
    afterMs: 1000,
    ...where,
  })
}
