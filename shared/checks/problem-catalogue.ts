import { engines } from './catalogue.ts'
import type { ProblemDefinition } from './problems/problem.ts'
import { cloudAssistantProblems } from './problems/cloud-assistant.ts'
import { addressProblems } from './problems/address.ts'
import { answerLimitProblems } from './problems/answer-limits.ts'
import { connectionProblems } from './problems/connection.ts'
import { serviceProblems } from './problems/service.ts'

const ofEngines = Object.values(engines).flatMap(({ problems: own }) => Object.entries(own))

/** Every reason why a probe cannot answer, by code: what it means and what to do. */
export const problems: Readonly<Record<string, ProblemDefinition>> = {
  ...serviceProblems,
  ...connectionProblems,
  ...addressProblems,
  ...answerLimitProblems,
  ...Object.fromEntries(ofEngines),
  ...cloudAssistantProblems,
}
