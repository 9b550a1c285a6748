import { type HttpFunction, httpFunction } from '../../shared/runtime/http-chain.ts'
import type { Log } from '../../shared/ports/log.ts'
import type { ApiDeps } from './routing/deps.ts'
import { router } from './routing/router.ts'
import { routes } from './routes.ts'

/** HTTP trigger: the REST API. */
export const createHandler = (deps: Omit<ApiDeps, 'log'>, log: Log): HttpFunction =>
  httpFunction(log, router(routes, { ...deps, log }))
