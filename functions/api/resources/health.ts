import * as z from 'zod'
import { Health } from '../../../shared/model/health.ts'
import { route } from '../routing/route.ts'

/** draft-inadarei-api-health-check-06. */
const type = 'application/health+json'

export const healthRoutes = [
  route({
    method: 'GET',
    path: '/healthz',
    operationId: 'getHealth',
    summary: 'Tells whether the service does its work, and what is wrong if it does not',
    scope: null,
    input: z.object({}),
    answers: {
      200: { description: 'It does; at `warn` somebody should look.', schema: Health, type },
      503: { description: 'It does not: a check has failed.', schema: Health, type },
    },
    problems: [],
    handle: async ({ health }) => ({ value: await health() }),
    respond: (body) => ({ status: body.status === 'fail' ? 503 : 200, body }),
  }),
]
