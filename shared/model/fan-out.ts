import * as z from 'zod'

/**
 * How the database items of a precheck are carried out: each in an invocation of its own (`item`), the essential ones
 * so and the others all in one, over one connection (`essential`), or all of them in one (`session`). Each is judged
 * by itself in all three.
 */
export const FanOut = z.enum(['item', 'essential', 'session'])
export type FanOut = z.infer<typeof FanOut>
