import { serveIfMain } from '../../shared/runtime/custom-runtime.ts'
import { NotifySettings } from '../../shared/runtime/fc-environment.ts'
import { fcFunction } from '../../shared/runtime/fc-function.ts'
import { notifyDeps } from '../../shared/runtime/fc.ts'
import { createHandler } from './handler.ts'

/** What the built-in runtime of Function Compute calls. */
export const handler = fcFunction(NotifySettings, notifyDeps, createHandler)

await serveIfMain(import.meta.url, { invoke: handler })
