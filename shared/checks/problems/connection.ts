import type { ProblemDefinition } from '../problem.ts'

export const connectionProblems: Readonly<Record<string, ProblemDefinition>> = {}
