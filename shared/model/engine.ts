import * as z from 'zod'

/** Database engines whose instances can be prechecked. */
export const Engine = z.enum(['oracle', 'sqlserver'])
export type Engine = z.infer<typeof Engine>
