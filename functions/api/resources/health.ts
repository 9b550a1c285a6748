import * as z from 'zod'
import { HttpProblem } from '../../../shared/runtime/problem-document.ts'
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
    problems: ['STORE_UNAVAILABLE'],
    handle: async ({ checkStore }) => {
      await checkStore().catch(() => {
        throw new HttpProblem(
          'STORE_UNAVAILABLE',
          'Nothing can be kept at present. Look at the log, the disk or the tables.',
        )
      })
      return { status: 200, json: { status: 'pass' } }
    },
  }),
]
