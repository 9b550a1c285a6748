import { createHash } from 'node:crypto'
import * as z from 'zod'
import { startPrecheck } from '../../../shared/flows/prechecks/start-precheck.ts'
import { waitForPrecheck } from '../../../shared/flows/prechecks/wait-for-precheck.ts'
import { decline } from '../../../shared/model/failure.ts'
import { CheckItemId } from '../../../shared/model/finding.ts'
import { InstanceId } from '../../../shared/model/instance.ts'
import type { Locale } from '../../../shared/model/message.ts'
import { type CompletedPrecheck, type Precheck, PrecheckId } from '../../../shared/model/precheck.ts'
import type { RepeatableRequest } from '../../../shared/ports/results.ts'
import type { HttpResponse } from '../../../shared/runtime/http.ts'
import type { ApiDeps } from '../deps.ts'
import { pageOf, pageQuery, pageResponse, pageSchema } from '../paging.ts'
import { accepted, declined, route } from '../route.ts'
import { PrecheckSummary, PrecheckView, precheckSummary, precheckView } from '../views/precheck-view.ts'

const ofInstance = z.strictObject({ instanceId: InstanceId })

/** Longest wait that a caller may ask for, seconds: the default deadline of a precheck. */
const maxWait = 60

const StartHeaders = z.object({
  'idempotency-key': z.string().min(1).max(255).optional(),
  prefer: z
    .string()
    .regex(/^wait=\d{1,4}$/, `must be wait=N, N seconds up to ${maxWait}`)
    .transform((preference) => Math.min(maxWait, Number(preference.slice('wait='.length))))
    .optional(),
})

const StartBody = z
  .strictObject({ checkItems: z.array(CheckItemId).min(1).max(64).optional() })
  .default({})
  .meta({ id: 'PrecheckRequest' })

const repeatableOf = (
  key: string | undefined,
  body: z.output<typeof StartBody>,
): RepeatableRequest | null => {
  if (key === undefined) return null
  const requestHash = createHash('sha256').update(JSON.stringify(body)).digest('hex')
  return { key, requestHash }
}

const startResponse = (precheck: Precheck, waited: number | undefined, locale: Locale): HttpResponse => ({
  status: precheck.state === 'completed' ? 200 : 202,
  headers: {
    location: `/v1/prechecks/${precheck.id}`,
    ...(waited !== undefined && { 'preference-applied': `wait=${waited}` }),
  },
  json: precheckView(precheck, locale),
})

const unknownPrecheck = (id: string) =>
  declined(decline('PRECHECK_NOT_FOUND', `No precheck has the id ${id}.`).failure)

/** Reads a precheck, or ends the request. */
export const existingPrecheck = async (
  { results }: Pick<ApiDeps, 'results'>,
  id: string,
): Promise<Precheck> => {
  const stored = await results.get(id)
  if (!stored) throw unknownPrecheck(id)
  return stored.precheck
}

/** Reads the last result of an instance, or ends the request. */
export const lastResult = async (
  { results }: Pick<ApiDeps, 'results'>,
  instanceId: string,
): Promise<CompletedPrecheck> => {
  const last = await results.last(instanceId)
  if (last) return last
  const detail = `${instanceId} has no completed full precheck. Start one: POST /v1/instances/${instanceId}/prechecks.`
  throw declined(decline('NO_LAST_RESULT', detail).failure)
}

export const precheckRoutes = [
  route({
    method: 'POST',
    path: '/v1/instances/{instanceId}/prechecks',
    operationId: 'startPrecheck',
    summary: 'Starts a precheck; with "Prefer: wait=N" waits up to N seconds for its end',
    scope: 'run',
    input: z.object({ params: ofInstance, headers: StartHeaders, body: StartBody }),
    answers: {
      200: {
        description: 'It has ended within the wait, or had ended before (Idempotency-Key).',
        schema: PrecheckView,
      },
      202: {
        description: 'It runs.',
        schema: PrecheckView,
        headers: { Location: 'Address of the precheck.' },
      },
    },
    problems: [
      'FIELDS_INVALID',
      'BODY_INVALID',
      'INSTANCE_NOT_FOUND',
      'CHECK_ITEM_NOT_APPLICABLE',
      'PRECHECK_RUNNING',
      'IDEMPOTENCY_KEY_REUSED',
    ],
    handle: async (deps, { params: { instanceId }, headers, body }, locale) => {
      const { precheckId, created } = accepted(
        await startPrecheck(deps, {
          instanceId,
          checkItems: body.checkItems,
          trigger: 'request',
          repeatable: repeatableOf(headers['idempotency-key'], body),
        }),
      )
      const { prefer } = headers
      if (created && prefer === undefined) return startResponse(created, prefer, locale)
      const precheck = await waitForPrecheck(deps, precheckId, (prefer ?? 0) * 1000)
      if (!precheck) throw unknownPrecheck(precheckId)
      return startResponse(precheck, prefer, locale)
    },
  }),
  route({
    method: 'GET',
    path: '/v1/prechecks/{precheckId}',
    operationId: 'getPrecheck',
    summary: 'Reads a precheck with the progress of every item',
    scope: 'read',
    input: z.object({ params: z.strictObject({ precheckId: PrecheckId }) }),
    answers: { 200: { description: 'The precheck.', schema: PrecheckView } },
    problems: ['PRECHECK_NOT_FOUND', 'FIELDS_INVALID'],
    handle: async (deps, { params }, locale) => ({
      status: 200,
      json: precheckView(await existingPrecheck(deps, params.precheckId), locale),
    }),
  }),
  route({
    method: 'GET',
    path: '/v1/instances/{instanceId}/prechecks/last',
    operationId: 'getLastPrecheck',
    summary: 'Reads the last result of an instance: its youngest completed full precheck',
    scope: 'read',
    input: z.object({ params: ofInstance }),
    answers: { 200: { description: 'The last result.', schema: PrecheckView } },
    problems: ['NO_LAST_RESULT'],
    handle: async (deps, { params: { instanceId } }, locale) => ({
      status: 200,
      json: precheckView(await lastResult(deps, instanceId), locale),
    }),
  }),
  route({
    method: 'GET',
    path: '/v1/instances/{instanceId}/prechecks',
    operationId: 'listPrechecks',
    summary: 'Lists the prechecks of an instance, newest first',
    scope: 'read',
    input: z.object({ params: ofInstance, query: z.strictObject(pageQuery) }),
    answers: { 200: { description: 'A page.', schema: pageSchema(PrecheckSummary) } },
    problems: ['FIELDS_INVALID'],
    handle: async ({ results }, { params: { instanceId }, query }) => {
      const { items, next } = await results.history(instanceId, pageOf(query))
      const page = { items: items.map(precheckSummary), next }
      return pageResponse(page, `/v1/instances/${instanceId}/prechecks`, query)
    },
  }),
]
