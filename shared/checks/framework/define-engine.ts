import * as z from 'zod'
import type { Engine } from '../../model/engine.ts'
import type { Vocabulary } from '../../model/message.ts'
import { maxAccount } from '../../model/validation.ts'
import type { SharedNumbers } from '../problems/connection.ts'
import { rows } from './answer.ts'
import type { ProblemDefinition } from '../problems/problem.ts'
import type { ScriptLanguage } from './script-language.ts'

/** One right that check items may need: how to find out whether a login has it, and how to grant it. */
export interface Privilege {
  /**
   * Statement that only a login with the privilege may run; or one that any login may run, and whose column `held` says
   * 1 for a login with it.
   */
  readonly probe: string
  /** Statements that give it to that login, complete and with quoted names. `account`: as the server sees it, where that is known. */
  readonly grants: (login: string, account?: string) => readonly string[]
}

/** All that the service has to know of a database engine beside its connection, its check items and its probe. */
export interface EngineDeclaration<Name extends Engine = Engine, PrivilegeName extends string = string> {
  readonly name: Name
  /** How the engine is called in every language. */
  readonly title: string
  /** Language of its scripts; steps in any other are comments in them. */
  readonly script: ScriptLanguage
  /** Languages of its steps beside that one and those of the shells. */
  readonly languages: readonly ScriptLanguage[]
  /** By the names with which check items ask for them. */
  readonly privileges: Readonly<Record<PrivilegeName, Privilege>>
  /** Statement whose column `account` tells as whom the server sees a login; left out: by its name alone. */
  readonly account?: string
  /** What only this engine can answer instead of facts, by code. */
  readonly problems: Readonly<Record<string, ProblemDefinition>>
  /** Its error numbers that mean what every engine can answer. */
  readonly numbers: SharedNumbers
  /** Terms that only its texts have as parameters, of its roles say. */
  readonly words: Vocabulary
}

/** Declares an engine; keeps the names of its privileges, so that a check item can ask for no other. */
export const defineEngine = <const Name extends Engine, PrivilegeName extends string>(
  declaration: EngineDeclaration<Name, PrivilegeName>,
): EngineDeclaration<Name, PrivilegeName> => declaration

const AccountRows = rows({ account: z.string().min(1).max(maxAccount) })

/** The account in the rows of its statement; null if they have another shape. */
export const accountIn = (answer: unknown): string | null =>
  AccountRows.safeParse(answer).data?.[0]?.account ?? null

/** Rows of the statement of a privilege; null: it was refused. */
const ProbeRows = rows({ held: z.int().nullable().optional() }).nullable()

/** Whether the rows of its statement say that a login has a privilege; null if they have another shape. */
export const isHeld = (answer: unknown): boolean | null => {
  const { success, data } = ProbeRows.safeParse(answer)
  if (!success) return null
  return data !== null && data.every(({ held }) => held === undefined || held === 1)
}
