import type { Remediation } from '../../model/remediation.ts'
import type { CheckContext } from '../framework/define-check.ts'
import { accountSteps as steps } from './account-steps.ts'
import { mysql } from './engine.ts'

/** Gives the login of the registration what it needs to see something. */
export const grant = (
  privileges: readonly (keyof typeof mysql.privileges)[],
  { target }: CheckContext,
): Remediation => {
  const login = target.definition.connection.credential.username
  return {
    steps: privileges.flatMap((privilege) =>
      mysql.privileges[privilege]
        .grants(login)
        .map((statement) => steps.grantToLogin({ privilege, login, statement })),
    ),
    verify: null,
    // They let the service see facts that it could not read.
    changes: {},
  }
}
