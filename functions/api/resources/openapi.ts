import * as z from 'zod'
import { JsonValue } from '../routing/json-value.ts'
import { type OpenApiDocument, openApiDocument } from '../routing/openapi-document.ts'
import { type Route, route } from '../routing/route.ts'

/** The route of the document that describes `resources`, itself included. */
export const openApiRoutes = (resources: readonly Route[]): readonly Route[] => {
  const self: Route = route({
    method: 'GET',
    path: '/openapi.json',
    operationId: 'getOpenApiDocument',
    summary: 'Describes this API as an OpenAPI 3.1 document',
    scope: null,
    input: z.object({}),
    answers: { 200: { description: 'The document.', schema: z.record(z.string(), JsonValue) } },
    problems: [],
    handle: async () => ({ value: document() }),
    respond: (body) => ({ status: 200, body }),
  })
  let made: OpenApiDocument | undefined
  const document = (): OpenApiDocument => (made ??= openApiDocument([...resources, self]))
  return [self]
}
