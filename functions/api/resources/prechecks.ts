import { createHash } from 'node:crypto'
import * as z from 'zod'
import { listFindings } from '../../../shared/flows/prechecks/list-findings.ts'
import { startPrecheck } from '../../../shared/flows/prechecks/start-precheck.ts'
import { waitForPrecheck } from '../../../shared/flows/prechecks/wait-for-precheck.ts'
import {
  type Declined,
  type Result,
  andThen,
  decline,
  found,
  unknownInstance,
} from '../../../shared/model/failure.ts'
import type { ShownPrecheck } from '../../../shared/model/extract.ts'
import { fieldMessage } from '../../../shared/model/field-message.ts'
import { CheckItemId, FindingLevel } from '../../../shared/model/finding.ts'
import { InstanceId } from '../../../shared/model/instance.ts'
import { type Precheck, PrecheckId, type RunningPrecheck } from '../../../shared/model/precheck.ts'
import type { RepeatableRequest } from '../../../shared/ports/results.ts'
import { shownCompleted, shownPrecheck } from '../../../shared/ports/shown-precheck.ts'
import { precheckReadings } from '../readings/precheck-readings.ts'
import type { ApiDeps } from '../routing/deps.ts'
import { pageOf, pageQuery, pageResponse, pageSchema } from '../routing/paging.ts'
import { notModified, route } from '../routing/route.ts'
import {
  FindingView,
  PrecheckSummary,
  PrecheckView,
  findingView,
  precheckSummary,
  precheckView,
} from '../views/precheck-view.ts'

const ofInstance = z.strictObject({ instanceId: InstanceId })

/** Longest wait that a caller may ask for, seconds: the default deadline of a precheck. */
export const maxWaitSeconds = 60

const StartHeaders = z.object({
  'idempotency-key': z.string().min(1).max(255).optional(),
  prefer: z
    .string()
    .regex(
      /^wait=\d{1,4}$/,
      fieldMessage({
        en: `must be wait=N, with N in seconds, at most ${maxWaitSeconds}`,
        zh: `须为 wait=N，N 为秒数，最大 ${maxWaitSeconds}`,
      }),
    )
    .transform((preference) => Math.min(maxWaitSeconds, Number(preference.slice('wait='.length))))
    .optional(),
})

const StartBody = z
  .strictObject({ checkItems: z.array(CheckItemId).min(1).max(64).optional() })
  .default({})
  .meta({ id: 'PrecheckRequest' })

const FindingsQuery = z.strictObject({
  ...pageQuery,
  checkItem: CheckItemId.optional(),
  database: z.string().max(128).optional(),
  level: FindingLevel.optional(),
})

const repeatableOf = (
  key: string | undefined,
  body: z.output<typeof StartBody>,
): RepeatableRequest | null => {
  if (key === undefined) return null
  const requestHash = createHash('sha256').update(JSON.stringify(body)).digest('hex')
  return { key, requestHash }
}

const unknownPrecheck = (id: string): Declined<'PRECHECK_NOT_FOUND'> =>
  decline('PRECHECK_NOT_FOUND', { en: `No precheck has the id ${id}.`, zh: `没有 ID 为 ${id} 的预检。` })

export const existingPrecheck = async (
  { results }: Pick<ApiDeps, 'results'>,
  id: string,
): Promise<Result<Precheck, 'PRECHECK_NOT_FOUND'>> => {
  const stored = await results.get(id)
  return found(stored && stored.precheck, unknownPrecheck(id))
}

/** As it is shown; `existingPrecheck` as it is stored. */
export const shownById = async (
  deps: Pick<ApiDeps, 'results'>,
  id: string,
): Promise<Result<RunningPrecheck | ShownPrecheck, 'PRECHECK_NOT_FOUND'>> =>
  andThen(await existingPrecheck(deps, id), async (precheck) => ({
    value: await shownPrecheck(deps.results, precheck),
  }))

/** What was found stays to be read after its instance is deleted. */
export const lastResult = async (
  { instances, results }: Pick<ApiDeps, 'instances' | 'results'>,
  instanceId: string,
): Promise<Result<ShownPrecheck, 'INSTANCE_NOT_FOUND' | 'NO_LAST_RESULT'>> => {
  const last = await results.last(instanceId)
  if (last) return { value: await shownCompleted(results, last) }
  if (!(await instances.get(instanceId))) return unknownInstance(instanceId)
  const detail = {
    en: `${instanceId} has no completed full precheck. Start one: POST /v1/instances/${instanceId}/prechecks.`,
    zh: `${instanceId} 还没有完成过完整的预检。请发起一次：POST /v1/instances/${instanceId}/prechecks。`,
  }
  return decline('NO_LAST_RESULT', detail)
}

export const precheckRoutes = [
  route({
    method: 'POST',
    path: '/v1/instances/{instanceId}/prechecks',
    operationId: 'startPrecheck',
    summary: 'Starts a precheck; with "Prefer: wait=N" waits up to N seconds for it to end',
    scope: 'run',
    input: z.object({ params: ofInstance, headers: StartHeaders, body: StartBody }),
    answers: {
      200: {
        description: 'It ended within the wait, or had ended before (Idempotency-Key).',
        schema: PrecheckView,
      },
      202: {
        description: 'It is running.',
        schema: PrecheckView,
        headers: { Location: 'Address of the precheck.' },
      },
    },
    problems: [
      'INSTANCE_NOT_FOUND',
      'PRECHECK_NOT_FOUND',
      'CHECK_ITEM_NOT_APPLICABLE',
      'PRECHECK_RUNNING',
      'IDEMPOTENCY_KEY_REUSED',
    ],
    handle: async (deps, { params: { instanceId }, headers: { prefer, ...headers }, body }) => {
      const started = await startPrecheck(deps, {
        instanceId,
        checkItems: body.checkItems,
        trigger: 'request',
        repeatable: repeatableOf(headers['idempotency-key'], body),
      })
      return andThen(started, async ({ precheckId, created }) => {
        if (created && prefer === undefined) return { value: created }
        const precheck = await waitForPrecheck(deps, precheckId, (prefer ?? 0) * 1000)
        return found(precheck && (await shownPrecheck(deps.results, precheck)), unknownPrecheck(precheckId))
      })
    },
    respond: (precheck, { headers: { prefer } }, locale) => ({
      status: precheck.state === 'completed' ? 200 : 202,
      headers: {
        location: `/v1/prechecks/${precheck.id}`,
        ...(prefer !== undefined && { 'preference-applied': `wait=${prefer}` }),
      },
      body: precheckView(precheck, locale),
    }),
  }),
  route({
    method: 'GET',
    path: '/v1/prechecks/{precheckId}',
    operationId: 'getPrecheck',
    summary: 'Reads a precheck with the progress of every item',
    scope: 'read',
    input: z.object({ params: z.strictObject({ precheckId: PrecheckId }) }),
    answers: { 200: { description: 'The precheck.', schema: PrecheckView }, 304: notModified },
    problems: ['PRECHECK_NOT_FOUND'],
    handle: (deps, { params: { precheckId } }) => shownById(deps, precheckId),
    respond: (precheck, _, locale) => ({ status: 200, body: precheckView(precheck, locale) }),
    readings: precheckReadings,
  }),
  route({
    method: 'GET',
    path: '/v1/prechecks/{precheckId}/findings',
    operationId: 'listFindings',
    summary: 'Lists the findings of a precheck, item by item; a page may hold fewer than asked for',
    scope: 'read',
    input: z.object({ params: z.strictObject({ precheckId: PrecheckId }), query: FindingsQuery }),
    answers: { 200: { description: 'A page.', schema: pageSchema(FindingView) } },
    problems: ['PRECHECK_NOT_FOUND'],
    handle: async (deps, { params: { precheckId }, query }) =>
      andThen(await existingPrecheck(deps, precheckId), async (precheck) => ({
        value: await listFindings(deps.results, precheck, query, pageOf(query)),
      })),
    respond: ({ items, next }, { params: { precheckId }, query }, locale) => {
      const page = { items: items.map((finding) => findingView(finding, locale)), next }
      return pageResponse(page, `/v1/prechecks/${precheckId}/findings`, query)
    },
  }),
  route({
    method: 'GET',
    path: '/v1/instances/{instanceId}/prechecks/last',
    operationId: 'getLastPrecheck',
    summary: 'Reads the last result of an instance: its most recent completed full precheck',
    scope: 'read',
    input: z.object({ params: ofInstance }),
    answers: { 200: { description: 'The last result.', schema: PrecheckView }, 304: notModified },
    problems: ['INSTANCE_NOT_FOUND', 'NO_LAST_RESULT'],
    handle: (deps, { params: { instanceId } }) => lastResult(deps, instanceId),
    respond: (precheck, _, locale) => ({ status: 200, body: precheckView(precheck, locale) }),
    readings: precheckReadings,
  }),
  route({
    method: 'GET',
    path: '/v1/instances/{instanceId}/prechecks',
    operationId: 'listPrechecks',
    summary: 'Lists the prechecks of an instance, newest first',
    scope: 'read',
    input: z.object({ params: ofInstance, query: z.strictObject(pageQuery) }),
    answers: { 200: { description: 'A page.', schema: pageSchema(PrecheckSummary) } },
    problems: [],
    handle: async ({ results }, { params: { instanceId }, query }) => ({
      value: await results.history(instanceId, pageOf(query)),
    }),
    respond: ({ items, next }, { params: { instanceId }, query }) => {
      const page = { items: items.map(precheckSummary), next }
      return pageResponse(page, `/v1/instances/${instanceId}/prechecks`, query)
    },
  }),
]
