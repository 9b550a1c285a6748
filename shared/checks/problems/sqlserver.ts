import type { ProblemDefinition } from '../problem.ts'

export const sqlServerProblems: Readonly<Record<string, ProblemDefinition>> = {}
