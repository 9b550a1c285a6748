import { serveIfMain } from '../../shared/runtime/custom-runtime.ts'
import { CollectSettings } from '../../shared/runtime/fc-environment.ts'
import { fcFunction } from '../../shared/runtime/fc-function.ts'
import { collectDeps } from '../../shared/runtime/fc.ts'
import { createHandler } from './handler.ts'

/** What the built-in runtime of Function Compute calls. */
export const handler = fcFunction(CollectSettings, collectDeps, createHandler)

await serveIfMain(import.meta.url, { invoke: handler })
