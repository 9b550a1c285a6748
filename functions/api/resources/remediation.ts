import * as z from 'zod'
import { remediationScript } from '../../../shared/checks/remediation-script.ts'
import { resultsFor } from '../../../shared/flows/prechecks/rows-of-database.ts'
import { andThen } from '../../../shared/model/failure.ts'
import { PrecheckId } from '../../../shared/model/precheck.ts'
import { route } from '../routing/route.ts'
import { existingPrecheck, shownById } from './prechecks.ts'

export const remediationRoutes = [
  route({
    method: 'GET',
    path: '/v1/prechecks/{precheckId}/remediation.sql',
    operationId: 'getRemediationScript',
    summary:
      'Writes the commands that fix the findings as one script, each with its risk and how to verify it',
    scope: 'read',
    input: z.object({
      params: z.strictObject({ precheckId: PrecheckId }),
      query: z.strictObject({
        database: z
          .string()
          .max(128)
          .optional()
          .describe('Left out: all, or the first of very many findings.'),
      }),
    }),
    answers: { 200: { description: 'The script.', schema: z.string(), type: 'application/sql' } },
    problems: ['PRECHECK_NOT_FOUND'],
    handle: async (deps, { params: { precheckId }, query: { database } }) =>
      database === undefined
        ? shownById(deps, precheckId)
        : andThen(await existingPrecheck(deps, precheckId), async (precheck) => ({
            value: { ...precheck, results: await resultsFor(deps.results, precheck, database) },
          })),
    respond: (precheck, { query: { database } }, locale) => ({
      status: 200,
      body: remediationScript({ precheckId: precheck.id, database, ...precheck }, locale),
    }),
  }),
]
