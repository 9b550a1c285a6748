import { type HttpFunction, httpFunction } from '../../shared/runtime/http-chain.ts'
import type { Log } from '../../shared/ports/log.ts'
import { type Pages, noPages } from '../../shared/runtime/pages.ts'
import type { ApiDeps } from './routing/deps.ts'
import { router } from './routing/router.ts'
import { routes } from './routes.ts'

/** HTTP trigger: the REST API, and beside it the console. */
export const createHandler = (deps: Omit<ApiDeps, 'log'>, log: Log, pages: Pages = noPages): HttpFunction => {
  const find = router(routes, { ...deps, log })
  return httpFunction(log, (request) => pages(request) ?? find(request))
}
