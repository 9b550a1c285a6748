import * as z from 'zod'
import { askGate } from '../../../shared/flows/gate.ts'
import { maxGateAgeSeconds } from '../../../shared/model/gate.ts'
import { InstanceId } from '../../../shared/model/instance.ts'
import { Operation } from '../../../shared/model/operation.ts'
import { route } from '../routing/route.ts'
import { GateView, gateView } from '../views/gate-view.ts'
import { maxWaitSeconds } from './prechecks.ts'

/** Databases of a job that can be named. */
const maxDatabases = 100

const GateBody = z
  .strictObject({
    instanceId: InstanceId,
    operation: Operation,
    databases: z
      .array(z.string().min(1).max(128))
      .min(1)
      .max(maxDatabases)
      .optional()
      .describe('Those of the job, as the engine spells them; left out: all that the operation is for.'),
    maxAgeSeconds: z
      .int()
      .min(0)
      .max(maxGateAgeSeconds)
      .describe('A result that was there so many seconds ago is new enough; else a precheck is started.'),
    wait: z
      .int()
      .min(0)
      .max(maxWaitSeconds)
      .default(0)
      .describe('Seconds that the answer may wait for a precheck that runs.'),
  })
  .meta({ id: 'GateRequest' })

export const gateRoutes = [
  route({
    method: 'POST',
    path: '/v1/gates',
    operationId: 'askGate',
    summary: 'Tells a backup job whether it may run, by a recent result or by a precheck that it starts',
    scope: 'run',
    input: z.object({ body: GateBody }),
    answers: {
      200: { description: 'The decision, with its reasons.', schema: GateView },
      202: {
        description:
          'The precheck that decides runs still. Ask again, and add to maxAgeSeconds what has passed.',
        schema: GateView,
        headers: { Location: 'Address of the precheck.' },
      },
    },
    problems: ['INSTANCE_NOT_FOUND', 'DATABASE_NOT_FOUND'],
    handle: (deps, { body: { wait, ...request } }) => askGate(deps, { ...request, waitMs: wait * 1000 }),
    respond: (answer, { body }, locale) => ({
      status: answer.judgement ? 200 : 202,
      headers: { location: `/v1/prechecks/${answer.precheckId}` },
      body: gateView(answer, body, locale),
    }),
  }),
]
