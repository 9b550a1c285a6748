import type { ProblemDefinition } from '../framework/problem.ts'
import { cloudAssistantProblems } from './cloud-assistant.ts'
import { connectionProblems } from './connection.ts'
import { oracleProblems } from '../oracle/problems.ts'
import { serviceProblems } from './service.ts'
import { sqlServerProblems } from '../sqlserver/problems.ts'

/** Every reason why a probe cannot answer, by code: what it means and what to do. */
export const problems: Readonly<Record<string, ProblemDefinition>> = {
  ...serviceProblems,
  ...connectionProblems,
  ...sqlServerProblems,
  ...oracleProblems,
  ...cloudAssistantProblems,
}
