import { serveIfMain } from '../../shared/runtime/custom-runtime.ts'
import { ScheduleSettings } from '../../shared/runtime/fc-environment.ts'
import { fcFunction } from '../../shared/runtime/fc-function.ts'
import { scheduleDeps } from '../../shared/runtime/fc.ts'
import { createHandler } from './handler.ts'

/** What the built-in runtime of Function Compute calls. */
export const handler = fcFunction(ScheduleSettings, scheduleDeps, createHandler)

await serveIfMain(import.meta.url, { invoke: handler })
