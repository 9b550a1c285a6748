import { passedOn } from '../../shared/runtime/custom-http.ts'
import { serveIfMain } from '../../shared/runtime/custom-runtime.ts'
import { ApiSettings } from '../../shared/runtime/fc-environment.ts'
import { fcFunction } from '../../shared/runtime/fc-function.ts'
import { apiDeps } from '../../shared/runtime/fc.ts'
import { createHandler } from './handler.ts'

/** What the built-in runtime of Function Compute calls. */
export const handler = fcFunction(ApiSettings, apiDeps, createHandler)

await serveIfMain(import.meta.url, { invoke: handler, request: passedOn(handler) })
