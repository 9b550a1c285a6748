import { serveIfMain } from '../../shared/runtime/custom-runtime.ts'
import { RunCheckSettings } from '../../shared/runtime/fc-environment.ts'
import { fcFunction } from '../../shared/runtime/fc-function.ts'
import { runCheckDeps } from '../../shared/runtime/fc.ts'
import { createHandler } from './handler.ts'

/** What the built-in runtime of Function Compute calls. */
export const handler = fcFunction(RunCheckSettings, runCheckDeps, createHandler)

await serveIfMain(import.meta.url, { invoke: handler })
