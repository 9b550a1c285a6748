import { describe, expect, expectTypeOf, it } from 'vitest'
import * as z from 'zod'
import { nobody } from '../../../functions/api/routing/caller.ts'
import type { ApiDeps } from '../../../functions/api/routing/deps.ts'
import { type AnswerOf, route } from '../../../functions/api/routing/route.ts'
import { type Result, decline } from '../../../shared/model/failure.ts'
import type { HttpRequest } from '../../../shared/runtime/http.ts'
import { HttpProblem } from '../../../shared/runtime/problem-document.ts'

const Sweep = z.strictObject({ id: z.string(), tags: z.array(z.string()) })

const about = {
  method: 'GET',
  path: '/v1/things/{id}',
  operationId: 'getThing',
  summary: 'Reads a thing',
  scope: 'read',
  input: z.object({ params: z.strictObject({ id: z.string() }) }),
} as const

const answers = { 200: { description: 'The thing.', schema: Sweep } } as const

/** A use case that knows one sweep and may find it changed. */
const read = async (
  id: string,
): Promise<Result<z.infer<typeof Sweep>, 'SWEEP_NOT_FOUND' | 'INSTANCE_CHANGED'>> =>
  id === 'known' ? { value: { id, tags: [] } } : decline('SWEEP_NOT_FOUND', `No ${id}.`)

const request: HttpRequest = {
  method: 'GET',
  path: '/v1/things/known',
  query: {},
  headers: {},
  readBody: async () => ({ text: '' }),
  address: '',
  requestId: 'r',
}

// The routes of these tests ask nothing of the ports.
const deps = {} as ApiDeps

const documented = route({
  ...about,
  answers,
  problems: ['SWEEP_NOT_FOUND', 'INSTANCE_CHANGED'],
  handle: (_, { params }) => read(params.id),
  respond: (body) => ({ status: 200, body }),
})

describe('a route', () => {
  it('answers what its use case came to, as JSON', async () => {
    expect(await documented.serve(deps, request, { id: 'known' }, nobody)).toEqual({
      status: 200,
      headers: {},
      content: { type: 'application/json; charset=utf-8', text: '{"id":"known","tags":[]}' },
    })
  })

  it('ends in the problem with which its use case declined', async () => {
    const served = documented.serve(deps, request, { id: 'lost' }, nobody)
    await expect(served).rejects.toThrow(HttpProblem)
    await expect(served).rejects.toMatchObject({ failure: { code: 'SWEEP_NOT_FOUND', detail: 'No lost.' } })
  })

  it('writes text under the media type of its document', async () => {
    const script = route({
      ...about,
      answers: { 200: { description: 'A script.', schema: z.string(), type: 'application/sql' } },
      problems: [],
      handle: async () => ({ value: 'SELECT 1' }),
      respond: (body) => ({ status: 200, body }),
    })
    const { content } = await script.serve(deps, request, { id: 'known' }, nobody)
    expect(content).toEqual({ type: 'application/sql; charset=utf-8', text: 'SELECT 1' })
  })

  it('may answer without a body where none is declared', async () => {
    const removal = route({
      ...about,
      answers: { 204: { description: 'It was removed.' } },
      problems: [],
      handle: async () => ({ value: null }),
      respond: () => ({ status: 204 }),
    })
    expect(await removal.serve(deps, request, { id: 'known' }, nobody)).toEqual({ status: 204, headers: {} })
  })

  it('hands its use case what the schemas made of the request', () => {
    route({
      ...about,
      input: z.object({ query: z.object({ limit: z.coerce.number() }) }),
      answers,
      problems: ['SWEEP_NOT_FOUND', 'INSTANCE_CHANGED'],
      handle: (_, input) => {
        expectTypeOf(input).toEqualTypeOf<{ query: { limit: number } }>()
        return read(String(input.query.limit))
      },
      respond: (value) => {
        expectTypeOf(value).toEqualTypeOf<{ id: string; tags: string[] }>()
        return { status: 200, body: value }
      },
    })
  })
})

/** What must not compile: `npm run types` fails where an expected error is missing. The line below each is the one that errs. */
describe('the types of a route refuse', () => {
  const problems = ['SWEEP_NOT_FOUND', 'INSTANCE_CHANGED'] as const
  const handle = (_: ApiDeps, { params }: { params: { id: string } }) => read(params.id)
  const handled = { ...about, problems, handle } as const

  it('a field that was renamed in the schema of the response', () => {
    const Renamed = z.strictObject({ id: z.string(), labels: z.array(z.string()) })
    route({
      ...handled,
      answers: { 200: { description: 'The thing.', schema: Renamed } },
      // @ts-expect-error -- `labels` is missing
      respond: (body) => ({ status: 200, body }),
    })
  })

  it('a field that was renamed in what is returned', () => {
    route({
      ...handled,
      answers,
      // @ts-expect-error -- `tags` is missing
      respond: ({ id, tags: labels }) => ({ status: 200, body: { id, labels } }),
    })
  })

  it('a field of another type', () => {
    route({
      ...handled,
      answers,
      // @ts-expect-error -- `id` is a string
      respond: ({ tags }) => ({ status: 200, body: { id: 1, tags } }),
    })
  })

  it('a use case that may decline with a code that is not documented', () => {
    route({
      ...about,
      answers,
      problems: ['SWEEP_NOT_FOUND'],
      // @ts-expect-error -- INSTANCE_CHANGED is not listed
      handle,
      respond: (body) => ({ status: 200, body }),
    })
  })

  it('a problem that does not exist', () => {
    route({
      ...about,
      answers,
      // @ts-expect-error -- there is no such code
      problems: ['SWEEP_NOT_FOUND', 'INSTANCE_CHANGED', 'SWEEP_LOST'],
      handle,
      respond: (body) => ({ status: 200, body }),
    })
  })

  it('a status that is not declared', () => {
    route({
      ...handled,
      answers,
      // @ts-expect-error -- 201 is not declared
      respond: (body) => ({ status: 201, body }),
    })
  })

  it('the body of another status', () => {
    const Running = z.strictObject({ isRunning: z.literal(true) })
    route({
      ...handled,
      answers: { ...answers, 202: { description: 'It runs.', schema: Running } },
      // @ts-expect-error -- the body of 200 is sent with 202
      respond: (body) => ({ status: 202, body }),
    })
  })

  it('an answer without a header that is documented', () => {
    route({
      ...handled,
      answers: { 200: { ...answers[200], headers: { Location: 'Where it is.' } } },
      // @ts-expect-error -- `location` is missing
      respond: (body) => ({ status: 200, body }),
    })
  })

  it('a body where none is declared', () => {
    route({
      ...handled,
      answers: { 204: { description: 'It was removed.' } },
      // @ts-expect-error -- 204 has no body
      respond: (body) => ({ status: 204, body }),
    })
  })
})

it('the type of an answer is that of its document', () => {
  const created = {
    201: { description: 'It is made.', schema: Sweep, headers: { Location: 'Where.' } },
  } as const
  type Created = AnswerOf<typeof created>
  expectTypeOf<Created['status']>().toEqualTypeOf<201>()
  expectTypeOf<Created['body']>().toEqualTypeOf<{ readonly id: string; readonly tags: readonly string[] }>()
  expectTypeOf<Created['headers']['location']>().toEqualTypeOf<string>()
})
