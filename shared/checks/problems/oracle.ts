import type { ProblemDefinition } from '../problem.ts'

export const oracleProblems: Readonly<Record<string, ProblemDefinition>> = {}
