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
import type { AddCommand } from './command.ts'

/** All commands, as the help lists them. */
export const commands: readonly AddCommand[] = [
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
