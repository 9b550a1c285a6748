import * as z from 'zod'

/**
 * How the database items of a precheck are carried out: each in an invocation of its own (`item`), or all in one, over
 * one connection (`session`). Each is judged by itself in both.
 */
export const FanOut = z.enum(['item', 'session'])
export type FanOut = z.infer<typeof FanOut>
