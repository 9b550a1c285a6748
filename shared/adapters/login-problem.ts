import type { Problem } from '../checks/problems/problem.ts'
import type { Login } from '../ports/probe.ts'
import type { AnswerMeter } from './answer-meter.ts'

/** What a connection that the other side ended comes to. */
const resets: readonly string[] = ['LOGIN_INTERRUPTED', 'CONNECTION_LOST']

/**
 * A login that came to nothing. Every protocol sends a password only after the server has said something: where it has
 * said nothing, none was sent.
 */
export const loginProblem = (problem: Problem, meter: Pick<AnswerMeter, 'isSilent'>): Login =>
  resets.includes(problem.code) && meter.isSilent() ? { problem, isUnheard: true } : { problem }
