import type { EngineDeclaration } from './framework/define-engine.ts'
import type { ErrorNumber, ProblemDefinition } from './problems/problem.ts'
import { connectionProblems } from './problems/connection.ts'

/** What the error numbers mean that a connection to one engine can end with. */
export interface ErrorTable {
  /** Code of the problem that a number means; undefined for a number that nobody declared. */
  readonly codeOf: (number: ErrorNumber) => string | undefined
  /** True for a problem that concerns one statement alone. */
  readonly isOfStatement: (code: string) => boolean
}

/** Reads the table out of the declaration of an engine, where each number stands with the problem that it means. */
export const errorTable = ({
  problems,
  numbers,
}: Pick<EngineDeclaration, 'problems' | 'numbers'>): ErrorTable => {
  const all: Readonly<Record<string, ProblemDefinition>> = { ...connectionProblems, ...problems }
  const declared = Object.entries(all).map(([code, problem]) => [code, problem.numbers ?? []] as const)
  const codes = new Map(
    [...declared, ...Object.entries(numbers)].flatMap(([code, each]) =>
      each.map((number) => [number, code] as const),
    ),
  )
  return {
    codeOf: (number) => codes.get(number),
    isOfStatement: (code) => all[code]?.isOfStatement === true,
  }
}
