import { NotifySettings } from '../../shared/runtime/fc-environment.ts'
import { fcFunction } from '../../shared/runtime/fc-function.ts'
import { notifyDeps } from '../../shared/runtime/fc.ts'
import { createHandler } from './handler.ts'

/** What Function Compute calls. */
export const handler = fcFunction(NotifySettings, notifyDeps, createHandler)
