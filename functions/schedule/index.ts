import { ScheduleSettings } from '../../shared/runtime/fc-environment.ts'
import { fcFunction } from '../../shared/runtime/fc-function.ts'
import { scheduleDeps } from '../../shared/runtime/fc.ts'
import { createHandler } from './handler.ts'

/** What Function Compute calls. */
export const handler = fcFunction(ScheduleSettings, scheduleDeps, createHandler)
