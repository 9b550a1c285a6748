import * as z from 'zod'
import { openApiDocument } from '../openapi-document.ts'
import { type Route, route } from '../route.ts'

/** The route of the document that describes `resources`, itself included. */
export const openApiRoutes = (resources: readonly Route[]): readonly Route[] => {
  const self: Route = route({
    method: 'GET',
    path: '/openapi.json',
    operationId: 'getOpenApiDocument',
    summary: 'Describes this API as an OpenAPI 3.1 document',
    scope: null,
    input: z.object({}),
    answers: { 200: { description: 'The document.', schema: z.record(z.string(), z.json()) } },
    problems: [],
    handle: async () => ({ status: 200, json: document() }),
  })
  let made: unknown
  const document = (): unknown => (made ??= openApiDocument([...resources, self]))
  return [self]
}
