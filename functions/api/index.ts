import { passedOn } from '../../shared/runtime/custom-http.ts'
import { serveIfMain } from '../../shared/runtime/custom-runtime.ts'
import { ApiSettings } from '../../shared/runtime/fc-environment.ts'
import { fcFunction } from '../../shared/runtime/fc-function.ts'
import { apiDeps } from '../../shared/runtime/fc.ts'
import { pagesIn } from '../../shared/runtime/pages.ts'
import { createHandler } from './handler.ts'

/** The console lies beside the function. */
const console = pagesIn(new URL('console/', import.meta.url))

/** What the built-in runtime of Function Compute calls. */
export const handler = fcFunction(ApiSettings, apiDeps, (deps, log) => createHandler(deps, log, console))

await serveIfMain(import.meta.url, { invoke: handler, request: passedOn(handler) })
