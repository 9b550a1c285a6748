import type { HttpRequest } from '../../../shared/runtime/http.ts'
import type { Endpoint } from '../../../shared/runtime/http-chain.ts'
import { HttpProblem } from '../../../shared/runtime/problem-document.ts'
import type { ApiDeps } from './deps.ts'
import { nobody } from './caller.ts'
import { door } from './door.ts'
import type { Route } from './route.ts'

type Params = Readonly<Record<string, string>>

const decode = (segment: string): string => {
  try {
    return decodeURIComponent(segment)
  } catch {
    const detail = {
      en: `The path is not correctly percent-encoded at "${segment}".`,
      zh: `路径中“${segment}”的百分号编码有误。`,
    }
    throw new HttpProblem({ code: 'PATH_NOT_FOUND', detail })
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

/** HEAD is GET without the body, which whoever sends the answer leaves out (RFC 9110, section 9.3.2). */
const find = (routes: readonly Route[], { method, path }: HttpRequest): { route: Route; params: Params } => {
  const onPath = routes.flatMap((route) => {
    const params = matchPath(route.path, path)
    return params ? [{ route, params }] : []
  })
  const wanted = method === 'HEAD' ? 'GET' : method
  const found = onPath.find(({ route }) => route.method === wanted)
  if (found) return found
  if (onPath.length === 0) {
    const detail = {
      en: `There is nothing at ${path}. GET /openapi.json lists every path.`,
      zh: `${path} 不存在。GET /openapi.json 可列出全部路径。`,
    }
    throw new HttpProblem({ code: 'PATH_NOT_FOUND', detail })
  }
  const allow = onPath.map(({ route }) => route.method).join(', ')
  throw new HttpProblem(
    { code: 'METHOD_NOT_ALLOWED', detail: { en: `${path} allows ${allow}.`, zh: `${path} 允许 ${allow}。` } },
    { allow },
  )
}

/** Finds what serves a request: its route, once the token is checked. Problems are thrown as `HttpProblem`. */
export const router = (routes: readonly Route[], deps: ApiDeps): ((request: HttpRequest) => Endpoint) => {
  const admit = door(deps)
  return (request) => {
    const { route, params } = find(routes, request)
    return {
      route: route.path,
      serve: async () => {
        const caller = route.scope === null ? nobody : await admit(request, route.scope)
        return route.serve(deps, request, params, caller)
      },
    }
  }
}
