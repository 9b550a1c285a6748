import { authenticate } from '../../shared/flows/tokens.ts'
import { type Scope, allows } from '../../shared/model/token.ts'
import type { HttpRequest, HttpResponse } from '../../shared/runtime/http.ts'
import { HttpProblem } from '../../shared/runtime/problem-document.ts'
import type { ApiDeps } from './deps.ts'
import type { Route } from './route.ts'

/** Largest body taken, bytes: an instance definition with two certificate bundles is a third of it. */
const maxBody = 256 * 1024

type Params = Readonly<Record<string, string>>

const decode = (segment: string): string => {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new HttpProblem('PATH_NOT_FOUND', `The path is not properly percent-encoded at "${segment}".`)
  }
}

const matchPath = (template: string, path: string): Params | null => {
  const wanted = template.split('/')
  const given = path.split('/')
  if (wanted.length !== given.length) return null
  const params: Record<string, string> = {}
  for (const [index, part] of wanted.entries()) {
    const segment = given[index] ?? ''
    const name = /^\{(\w+)\}$/.exec(part)?.[1]
    if (name !== undefined && segment !== '') params[name] = decode(segment)
    else if (part !== segment) return null
  }
  return params
}

const find = (routes: readonly Route[], { method, path }: HttpRequest): { route: Route; params: Params } => {
  const onPath = routes.flatMap((route) => {
    const params = matchPath(route.path, path)
    return params ? [{ route, params }] : []
  })
  const found = onPath.find(({ route }) => route.method === method)
  if (found) return found
  if (onPath.length === 0) {
    throw new HttpProblem('PATH_NOT_FOUND', `Nothing is at ${path}. GET /openapi.json lists what there is.`)
  }
  const allow = onPath.map(({ route }) => route.method).join(', ')
  throw new HttpProblem('METHOD_NOT_ALLOWED', `${path} takes ${allow}.`, { headers: { allow } })
}

const authorize = async (deps: ApiDeps, request: HttpRequest, needed: Scope | null): Promise<void> => {
  if (needed === null) return
  const bearer = /^Bearer +(.+)$/i.exec(request.headers['authorization'] ?? '')?.[1] ?? ''
  const token = await authenticate(deps.tokens, bearer)
  if (!token) {
    throw new HttpProblem(
      'TOKEN_INVALID',
      'Send "Authorization: Bearer <token>" with a token of this service.',
      {
        headers: { 'www-authenticate': 'Bearer' },
      },
    )
  }
  if (allows(token.scope, needed)) return
  throw new HttpProblem(
    'SCOPE_MISSING',
    `The token "${token.name}" has the scope ${token.scope}; this needs ${needed}.`,
  )
}

/** Finds the route of a request, checks its token, and serves it. Problems are thrown as `HttpProblem`. */
export const router =
  (routes: readonly Route[], deps: ApiDeps) =>
  async (request: HttpRequest): Promise<HttpResponse> => {
    const { route, params } = find(routes, request)
    await authorize(deps, request, route.scope)
    if (Buffer.byteLength(request.body) > maxBody) {
      throw new HttpProblem('BODY_TOO_LARGE', `The body may have ${maxBody} bytes at most.`)
    }
    return route.serve(deps, request, params)
  }
