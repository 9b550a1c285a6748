import { acknowledge } from './acknowledge.ts'
import { api } from './api.ts'
import { apply } from './apply.ts'
import { backup, restore } from './backup.ts'
import { backups, reportBackup } from './backups.ts'
import { checkItems } from './check-items.ts'
import { completion } from './completion.ts'
import { deadLetters } from './dead-letters.ts'
import { remove } from './delete.ts'
import { diff } from './diff.ts'
import { doctor } from './doctor.ts'
import { exportFleet } from './export.ts'
import { gate } from './gate.ts'
import { history } from './history.ts'
import { instances } from './instances.ts'
import { last } from './last.ts'
import { policy } from './policy.ts'
import { protection } from './protection.ts'
import { readiness } from './readiness.ts'
import { register } from './register.ts'
import { remediation } from './remediation.ts'
import { init } from './init.ts'
import { login, logout, profiles } from './login.ts'
import { run } from './run.ts'
import { sweep } from './sweep.ts'
import { sweeps } from './sweeps.ts'
import { token } from './token.ts'
import { validate } from './validate.ts'
import { watch } from './watch.ts'
import { webhook } from './webhook.ts'
import type { ActionOf, AddCommand } from './command.ts'
import { examples } from './examples.ts'
import { type ProgramSettings, programFor } from './program.ts'
import type { CommandUnknownOpts } from '@commander-js/extra-typings'
import type { Say } from '../reports/terminal.ts'
import { defaultLimits } from '../service/client.ts'
import { wholeName } from '../reports/help.ts'
import { indented } from '../reports/layout.ts'

/** All commands, as the help lists them. */
const commands: readonly AddCommand[] = [
  run,
  last,
  watch,
  history,
  diff,
  readiness,
  remediation,
  init,
  instances,
  register,
  validate,
  remove,
  apply,
  exportFleet,
  gate,
  reportBackup,
  backups,
  protection,
  sweep,
  sweeps,
  acknowledge,
  policy,
  webhook,
  checkItems,
  deadLetters,
  backup,
  restore,
  token,
  login,
  logout,
  profiles,
  api,
  doctor,
  completion,
]

/** Puts the examples of the commands that do something below their help. */
const addExamples = (command: CommandUnknownOpts, say: Say): void => {
  const own = examples[wholeName(command)]
  if (own) {
    const head = say({ en: 'Examples:', zh: '示例：' })
    command.addHelpText('after', ['', head, ...indented(own, 2)].join('\n'))
  }
  for (const each of command.commands) addExamples(each, say)
}

/** Does nothing: where the commands are only looked at. */
const nothingDone: ActionOf = () => async () => undefined

const alone: Omit<ProgramSettings, 'locale'> = {
  columns: null,
  timeoutSeconds: defaultLimits.timeoutMs / 1000,
  write: () => undefined,
  writeError: () => undefined,
}

/** The command line with all its commands. */
export const programWith = (
  settings: Pick<ProgramSettings, 'locale'> & Partial<ProgramSettings>,
  actionOf = nothingDone,
): ReturnType<typeof programFor> => {
  const say: Say = (text) => text[settings.locale]
  const program = programFor({ ...alone, ...settings })
  for (const add of commands) add(program, actionOf, say)
  addExamples(program, say)
  return program
}
