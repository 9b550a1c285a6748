import * as z from 'zod'
import { changesSince } from '../../../shared/model/changes-since.ts'
import { type Result, andThen, decline } from '../../../shared/model/failure.ts'
import { CheckItemId } from '../../../shared/model/finding.ts'
import { type CompletedPrecheck, PrecheckId } from '../../../shared/model/precheck.ts'
import { route } from '../routing/route.ts'
import type { ApiDeps } from '../routing/deps.ts'
import { ComparisonView, comparisonView } from '../views/precheck-view.ts'
import { existingPrecheck } from './prechecks.ts'

export const ChangesView = ComparisonView.extend({
  notCompared: z
    .array(CheckItemId)
    .describe('Check items with very many findings, which are compared with the result before them only.'),
}).meta({ id: 'Changes' })
export type ChangesView = z.infer<typeof ChangesView>

const completed = async (
  deps: Pick<ApiDeps, 'results'>,
  id: string,
): Promise<Result<CompletedPrecheck, 'PRECHECK_NOT_FOUND'>> =>
  andThen(await existingPrecheck(deps, id), (precheck) =>
    precheck.state === 'completed'
      ? { value: precheck }
      : decline('PRECHECK_NOT_FOUND', `The precheck ${id} has no result yet.`),
  )

export const changeRoutes = [
  route({
    method: 'GET',
    path: '/v1/prechecks/{precheckId}/changes',
    operationId: 'getChanges',
    summary: 'Tells what changed between two results of an instance that need not follow each other',
    scope: 'read',
    input: z.object({
      params: z.strictObject({ precheckId: PrecheckId }),
      query: z.strictObject({ since: PrecheckId.describe('The earlier result.') }),
    }),
    answers: { 200: { description: 'What came, stayed and went.', schema: ChangesView } },
    problems: ['PRECHECK_NOT_FOUND'],
    handle: async (deps, { params: { precheckId }, query: { since } }) =>
      andThen(await completed(deps, precheckId), async (precheck) =>
        andThen(await completed(deps, since), (earlier) =>
          earlier.instanceId === precheck.instanceId
            ? { value: changesSince(precheck, earlier) }
            : decline('PRECHECK_NOT_FOUND', `${since} is a precheck of another instance.`),
        ),
      ),
    respond: ({ comparison, notCompared }, _, locale) => ({
      status: 200,
      body: { ...comparisonView(comparison, locale), notCompared },
    }),
  }),
]
