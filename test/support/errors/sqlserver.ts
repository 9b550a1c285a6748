import { problemOf } from '../../../shared/adapters/sqlserver/errors.ts'
import type { ErrorNumber, Problem } from '../../../shared/checks/problems/problem.ts'

/** What the server says in these errors. */
export const said = 'words of the server'

/** An error as tedious reports it: numbers of the server in messages, those of its own and of the system as a code. */
export const metBySqlServer = (
  numbers: readonly ErrorNumber[],
  stage: 'logging-in' | 'asking' = 'asking',
): Problem => {
  const messages = numbers.flatMap((number) => (typeof number === 'number' ? [{ number, text: said }] : []))
  const code = numbers.find((number) => typeof number === 'string') ?? 'EREQUEST'
  const where = { host: 'db.example', port: 1433, instanceName: '', user: 'precheck', afterMs: 1000 }
  return problemOf({ stage, messages, code }, where)
}
