import * as z from 'zod'
import { route } from '../route.ts'

const Health = z.strictObject({ status: z.literal('pass') }).meta({ id: 'Health' })

export const healthRoutes = [
  route({
    method: 'GET',
    path: '/healthz',
    operationId: 'getHealth',
    summary: 'Tells that the service answers and reaches its store',
    scope: null,
    input: z.object({}),
    answers: { 200: { description: 'It does.', schema: Health } },
    problems: [],
    handle: async ({ instances }) => {
      await instances.list({}, { limit: 1 })
      return { status: 200, json: { status: 'pass' } }
    },
  }),
]
