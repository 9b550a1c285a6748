import { mysql } from '../../checks/mysql/engine.ts'
import { errorTable } from '../../checks/error-table.ts'
import type { Problem } from '../../checks/problems/problem.ts'
import { shownText } from '../server-text.ts'
import { tlsProblemOf } from '../tls-problem.ts'

/** How far a probe had come when something happened. */
export type Stage = 'connecting' | 'logging-in' | 'asking'

/** Where the probe was; fills the texts. */
export interface Where {
  readonly stage: Stage
  readonly host: string
  readonly port: number
  readonly user: string
  /** Never shown: a text that repeats it is left out. */
  readonly password: string
  /** The registration has TLS off. */
  readonly isPlain: boolean
  /** How long what is under way has taken. */
  readonly afterMs: number
}

const table = errorTable(mysql)

/** What distinguishes errors: of the server a number, of the driver or the system a code. */
interface Fault {
  readonly number: number | null
  readonly code: string
  readonly text: string
}

/** The driver gives a code of its own to numbers of the server too; those of the system are negative. */
const readFault = (thrown: unknown, password: string): Fault => {
  if (!(thrown instanceof Error)) return { number: null, code: '', text: shownText(String(thrown), password) }
  const number =
    'errno' in thrown && typeof thrown.errno === 'number' && thrown.errno > 0 ? thrown.errno : null
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : ''
  return { number, code, text: shownText(thrown.message, password) }
}

const codeOfServer = (number: number, { stage, isPlain }: Where): string => {
  const known = table.codeOf(number)
  if (known === 'LOGIN_FAILED' && isPlain) return 'MYSQL_PLAINTEXT_LOGIN_FAILED'
  return known ?? (stage === 'asking' ? 'QUERY_FAILED' : 'MYSQL_LOGIN_REFUSED')
}

/** What no number and no code explains is an answer that the driver could not read. */
const codeOfDriver = (code: string, stage: Stage): string => {
  const known = tlsProblemOf(code) ?? table.codeOf(code)
  if (known === 'CONNECTION_LOST' && stage !== 'asking') return 'LOGIN_INTERRUPTED'
  return known ?? 'NOT_A_DATABASE'
}

/** Says what an error of the driver means. */
export const problemOf = (thrown: unknown, where: Where): Problem => {
  const { stage, host, port, user, password, afterMs } = where
  // The last address is the one that was given all the time there was.
  const fault = readFault(thrown instanceof AggregateError ? thrown.errors.at(-1) : thrown, password)
  const { number, code, text } = fault
  const detail = text || `error ${number ?? code}`
  return {
    code: number === null ? codeOfDriver(code, stage) : codeOfServer(number, where),
    params: { host, port, user, number: number ?? code, detail, cause: code, afterMs },
  }
}

/** True for a problem of one statement, after which its part of the answer is null if it is optional. */
export const isOfStatement = ({ code }: Problem): boolean => table.isOfStatement(code)

const limitCodes: Readonly<Record<Stage, string>> = {
  connecting: 'CONNECTION_TIMED_OUT',
  'logging-in': 'SERVER_SILENT',
  asking: 'QUERY_TIMED_OUT',
}

/** Says what it means that the limit of the probe was reached. */
export const problemOfLimit = ({ stage, host, port, afterMs }: Where): Problem => ({
  code: limitCodes[stage],
  params: { host, port, afterMs },
})
