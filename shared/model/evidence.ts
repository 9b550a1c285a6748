import * as z from 'zod'

/** Observed or expected values by the engine's own column names. Never holds a secret. */
export const Evidence = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
export type Evidence = Readonly<z.infer<typeof Evidence>>
