import type { Target } from '../../model/instance.ts'
import type { RemediationStep } from '../../model/remediation.ts'
import { oracle } from './engine.ts'
import { instanceSteps } from './instance-steps.ts'

/** Gives the login of the registration a privilege. */
export const grant = (
  privilege: keyof typeof oracle.privileges,
  { definition }: Target,
): RemediationStep[] => {
  const login = definition.connection.credential.username
  return oracle.privileges[privilege]
    .grants(login)
    .map((statement) => instanceSteps.grant({ privilege, login, statement }))
}
