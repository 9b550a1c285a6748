import { openApiDocument } from '../../functions/api/routing/openapi-document.ts'
import type { Route } from '../../functions/api/routing/route.ts'
import { routes } from '../../functions/api/routes.ts'
import type { AnswerJson } from './answer-json.ts'

interface Answered {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  readonly json: AnswerJson | undefined
}

type Documented = Readonly<
  Record<string, Record<string, { readonly responses: Record<string, { readonly description: string }> }>>
>

const paths = openApiDocument(routes)['paths'] as unknown as Documented

const isAt = (route: Route, path: string): boolean =>
  new RegExp(`^${route.path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`).test(path)

const problemsOf = ({ path, method }: Route, status: number): readonly string[] =>
  paths[path]?.[method.toLowerCase()]?.responses[status]?.description.split(', ') ?? []

/** Throws if an answer is none that the OpenAPI document describes: another status, field or problem. */
export const expectDocumented = (
  method: string,
  path: string,
  { status, headers, text, json }: Answered,
): void => {
  const route =
    routes.find((each) => each.method === method && each.path === path) ??
    routes.find((each) => each.method === method && isAt(each, path))
  // The one problem that belongs to no route.
  if (!route || json?.code === 'PATH_NOT_FOUND') return
  const answer = route.answers[status]
  const isOther = route.otherTypes.some((type) => headers['content-type']?.startsWith(`${type};`))
  if (answer && isOther) return
  if (status >= 400 && !answer) {
    const code = json?.code ?? 'without a code'
    if (problemsOf(route, status).includes(code)) return
    throw new Error(`${route.operationId} does not document the problem ${code} (${status})`)
  }
  if (!answer) throw new Error(`${route.operationId} does not document the status ${status}`)
  const { schema, type = 'application/json' } = answer
  const parsed = schema?.safeParse(type.endsWith('json') ? json : text)
  if (parsed?.error) throw new Error(`${route.operationId} answers otherwise: ${parsed.error.message}`)
}
