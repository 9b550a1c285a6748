import { engines, essentialRights, selectedChecks } from '../../checks/catalogue.ts'
import { accountIn, isHeld } from '../../checks/framework/define-engine.ts'
import type { Problem } from '../../checks/problems/problem.ts'
import type { Engine } from '../../model/engine.ts'
import type { InstanceDefinition } from '../../model/instance.ts'
import type { ResultMessage, ValidateMessage } from '../../model/queue-messages.ts'
import type { ValidationResult } from '../../model/validation.ts'
import { type Ask, type DatabaseDeps, askingOnce, openDatabase } from '../prechecks/ask-database.ts'
import { within } from '../prechecks/keep-limit.ts'

const unexpected: Problem = {
  code: 'UNEXPECTED_ANSWER',
  params: { detail: 'the answer about a privilege has an unexpected shape' },
}

/** A database that is not mounted or not online refuses the statement of a privilege too, and tells nothing of the login. */
const lacksPrivilege = ({ code }: Problem): boolean => code === 'PRIVILEGE_MISSING'

const failed = (problem: Problem): ValidationResult => ({ problem, missing: [] })

/** As whom the server sees the login: to whom rights are to be given. Null where only its name is known. */
const accountOf = async (ask: Ask, engine: Engine): Promise<string | null> => {
  const { account } = engines[engine]
  const outcome = account === undefined ? null : await ask(account)
  return outcome && 'rows' in outcome ? accountIn(outcome.rows) : null
}

/** Logs in once and probes every privilege that the check items of the instance need. */
const audit = async (
  deps: DatabaseDeps,
  definition: InstanceDefinition,
  limitMs: number,
): Promise<ValidationResult> => {
  const needed = new Set(selectedChecks(definition).flatMap(({ privileges }) => privileges))
  const essential = essentialRights(definition.engine)
  const wanted = Object.entries(engines[definition.engine].privileges).filter(([name]) => needed.has(name))
  const endsAt = deps.steady.ms() + limitMs
  const login = await within(limitMs, openDatabase(deps, definition, limitMs))
  if ('problem' in login) return failed(login.problem)
  try {
    const ask = askingOnce(login.session, () => endsAt - deps.steady.ms())
    const missing: string[] = []
    for (const [privilege, { probe }] of wanted) {
      const outcome = await ask(probe)
      if ('problem' in outcome) return failed(outcome.problem)
      const isRefused = 'refused' in outcome && !lacksPrivilege(outcome.refused)
      const held = isRefused ? null : isHeld('rows' in outcome ? outcome.rows : null)
      // Of a right that is not essential nothing is known then, on a database that is only mounted say.
      if (held === null && essential.has(privilege)) return failed(isRefused ? outcome.refused : unexpected)
      if (held === false) missing.push(privilege)
    }
    const beyond = missing.filter((privilege) => !essential.has(privilege))
    const account = missing.length > 0 ? await accountOf(ask, definition.engine) : null
    return {
      problem: null,
      missing: missing.filter((privilege) => essential.has(privilege)),
      ...(beyond.length > 0 && { missingBeyond: beyond }),
      ...(account !== null && { account }),
    }
  } finally {
    await login.session.close()
  }
}

const messageOf = ({ validationId, target }: ValidateMessage, result: ValidationResult): ResultMessage => ({
  kind: 'validation',
  validationId,
  instanceId: target.instanceId,
  result,
})

/** Finds out whether the login of an instance works and may read what the check items need. Never rejects. */
export const validateLogin = async (deps: DatabaseDeps, message: ValidateMessage): Promise<ResultMessage> =>
  messageOf(message, await audit(deps, message.target.definition, message.limitMs))

/** A validation that came to nothing. */
export const abandonValidation = (message: ValidateMessage, problem: Problem): ResultMessage =>
  messageOf(message, failed(problem))
