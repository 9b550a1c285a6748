import type { Check } from '../../../shared/checks/framework/define-check.ts'
import type { Engine } from '../../../shared/model/engine.ts'
import { reach } from './connectivity.ts'
import { oracleFacts, oracleSamples } from './oracle.ts'
import type { Cell } from './row.ts'
import { sqlServerFacts, sqlServerSamples } from './sqlserver.ts'

/** One row of each statement of an engine, by the name of the statement. */
export const samples: Readonly<Record<Engine, Readonly<Record<string, Readonly<Record<string, Cell>>>>>> = {
  oracle: oracleSamples,
  sqlserver: sqlServerSamples,
}

const healthy = { oracle: oracleFacts(), sqlserver: sqlServerFacts() }

/** What the probe of a check item brings back from a healthy server or network: rows for each of its statements. */
export const healthyAnswer = ({ id, question }: Check): unknown => {
  if (question.probe === 'https') return [reach()]
  const facts = new Map<string, unknown>(Object.entries(healthy[question.probe]))
  const statements = Object.keys(question.queries)
  const unanswered = statements.filter((statement) => !facts.has(statement))
  if (unanswered.length > 0) {
    throw new Error(`${id} asks for ${unanswered.join(', ')}: test/support/facts has no healthy answer to it`)
  }
  return Object.fromEntries(statements.map((statement) => [statement, facts.get(statement)]))
}
