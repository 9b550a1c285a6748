import * as z from 'zod'
import { remediationScript } from '../../../shared/checks/remediation-script.ts'
import { PrecheckId } from '../../../shared/model/precheck.ts'
import { route } from '../routing/route.ts'
import { existingPrecheck } from './prechecks.ts'

export const remediationRoutes = [
  route({
    method: 'GET',
    path: '/v1/prechecks/{precheckId}/remediation.sql',
    operationId: 'getRemediationScript',
    summary:
      'Writes the commands that fix the findings as one script, each with its risk and how to verify it',
    scope: 'read',
    input: z.object({ params: z.strictObject({ precheckId: PrecheckId }) }),
    answers: { 200: { description: 'The script.', schema: z.string(), type: 'application/sql' } },
    problems: ['PRECHECK_NOT_FOUND'],
    handle: (deps, { params: { precheckId } }) => existingPrecheck(deps, precheckId),
    respond: (precheck, _, locale) => ({
      status: 200,
      body: remediationScript({ precheckId: precheck.id, ...precheck }, locale),
    }),
  }),
]
