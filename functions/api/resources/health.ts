import * as z from 'zod'
import type { Result } from '../../../shared/model/failure.ts'
import type { ApiDeps } from '../routing/deps.ts'
import { route } from '../routing/route.ts'

const Health = z.strictObject({ status: z.literal('pass') }).meta({ id: 'Health' })

const askStore = async ({
  checkStore,
}: Pick<ApiDeps, 'checkStore'>): Promise<Result<null, 'STORE_UNAVAILABLE'>> => {
  try {
    await checkStore()
    return { value: null }
  } catch {
    const detail = 'The store does not accept writes. Check the log, and the disk or the tables.'
    return { failure: { code: 'STORE_UNAVAILABLE', detail } }
  }
}

export const healthRoutes = [
  route({
    method: 'GET',
    path: '/healthz',
    operationId: 'getHealth',
    summary: 'Tells whether the service is up and reaches its store',
    scope: null,
    input: z.object({}),
    answers: { 200: { description: 'It is up and reaches its store.', schema: Health } },
    problems: ['STORE_UNAVAILABLE'],
    handle: askStore,
    respond: () => ({ status: 200, body: { status: 'pass' } }),
  }),
]
