import * as z from 'zod'
import { remediationScript } from '../../../shared/checks/framework/remediation-script.ts'
import { PrecheckId } from '../../../shared/model/precheck.ts'
import { route } from '../route.ts'
import { existingPrecheck } from './prechecks.ts'

const type = 'application/sql; charset=utf-8'

export const remediationRoutes = [
  route({
    method: 'GET',
    path: '/v1/prechecks/{precheckId}/remediation.sql',
    operationId: 'getRemediationScript',
    summary:
      'Writes the commands that mend the findings as one script, each with its risk and how to verify it',
    scope: 'read',
    input: z.object({ params: z.strictObject({ precheckId: PrecheckId }) }),
    answers: { 200: { description: 'The script.', schema: z.string(), type: 'application/sql' } },
    problems: ['PRECHECK_NOT_FOUND', 'FIELDS_INVALID'],
    handle: async (deps, { params }, locale) => {
      const precheck = await existingPrecheck(deps, params.precheckId)
      const content = remediationScript({ precheckId: precheck.id, ...precheck }, locale)
      return { status: 200, text: { type, content } }
    },
  }),
]
