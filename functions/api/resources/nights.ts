import * as z from 'zod'
import { nextStarts, nightsOfMonth } from '../../../shared/flows/nights.ts'
import { fieldMessage } from '../../../shared/model/field-message.ts'
import { SweepCounts } from '../../../shared/model/sweep.ts'
import { cursorOf, pageOf } from '../routing/paging.ts'
import { notModified, route } from '../routing/route.ts'
import { SweepSummary, sweepSummary } from '../views/sweep-view.ts'
import { columnsQuery } from './fleet.ts'

const Month = z
  .string()
  .regex(
    /^\d{4}-(0[1-9]|1[0-2])$/,
    fieldMessage({ en: 'must be a month such as 2026-11', zh: '须为月份，例如 2026-11' }),
  )

export const NightsView = z
  .strictObject({
    month: z.string(),
    nights: z.array(
      SweepSummary.pick({ id: true, state: true, startedAt: true, completedAt: true }).extend({
        counts: SweepCounts.describe('Of a night that runs: as of now.'),
      }),
    ),
  })
  .meta({ id: 'Nights' })
export type NightsView = Readonly<z.infer<typeof NightsView>>

export const PlanView = z
  .strictObject({
    ids: z.array(z.string()),
    dueAt: z.array(z.int()).describe('For each instance, seconds since 1970 (UTC).'),
    next: z.string().nullable(),
  })
  .meta({ id: 'Plan' })
export type PlanView = Readonly<z.infer<typeof PlanView>>

export const nightRoutes = [
  route({
    method: 'GET',
    path: '/v1/nights/{month}',
    operationId: 'listNights',
    summary: 'Lists the nights of a month, newest first, with what became of them',
    scope: 'read',
    input: z.object({ params: z.strictObject({ month: Month }) }),
    answers: { 200: { description: 'The nights there were.', schema: NightsView }, 304: notModified },
    problems: [],
    handle: async (deps, { params: { month } }) => ({ value: await nightsOfMonth(deps, month) }),
    respond: (nights, { params: { month } }) => {
      const shown = nights.map(({ night, counts }) => {
        const { id, state, startedAt, completedAt } = sweepSummary(night)
        return { id, state, startedAt, completedAt, counts }
      })
      return { status: 200, body: { month, nights: shown } }
    },
  }),
  route({
    method: 'GET',
    path: '/v1/plan',
    operationId: 'getPlan',
    summary: 'Tells when each instance is prechecked in the next 24 hours, in columns',
    scope: 'read',
    input: z.object({ query: columnsQuery }),
    answers: {
      200: {
        description:
          'By the time of day in UTC, as of the last round of the schedule; maintenance is not looked at.',
        schema: PlanView,
      },
      304: notModified,
    },
    problems: [],
    handle: async (deps, { query }) => ({ value: await nextStarts(deps, pageOf(query)) }),
    respond: ({ items, next }) => ({
      status: 200,
      body: {
        ids: items.map(({ instanceId }) => instanceId),
        dueAt: items.map(({ dueAt }) => Math.floor(dueAt / 1000)),
        next: cursorOf(next),
      },
    }),
  }),
]
