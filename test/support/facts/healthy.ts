import type { Check } from '../../../shared/checks/framework/define-check.ts'
import { engineInTests } from '../engines.ts'
import { healthyHost } from './host.ts'
import { reach } from './connectivity.ts'
import { inventoryFacts } from './memory.ts'

/** What the probe of a check item brings back from a healthy server or network: rows for each of its statements. */
export const healthyAnswer = ({ id, question }: Check): unknown => {
  if (question.probe === 'https') return [reach()]
  if (question.probe === 'host') return healthyHost(question)
  if (question.probe === 'memory') return inventoryFacts()
  const facts = new Map(Object.entries(engineInTests[question.probe].healthy))
  const statements = Object.keys(question.queries)
  const unanswered = statements.filter((statement) => !facts.has(statement))
  if (unanswered.length > 0) {
    throw new Error(`${id} asks for ${unanswered.join(', ')}: test/support/facts has no healthy answer to it`)
  }
  return Object.fromEntries(statements.map((statement) => [statement, facts.get(statement)]))
}
