import * as z from 'zod'

/** Exactly one row. */
export const oneRow = <Shape extends z.core.$ZodShape>(shape: Shape) =>
  z.tuple([z.object(shape)]).transform(([row]) => row)

/** At least one row, for what is never empty on a healthy server: an empty answer is not accepted. */
export const someRows = <Shape extends z.core.$ZodShape>(shape: Shape) => z.array(z.object(shape)).min(1)

/** Any number of rows, none included. */
export const rows = <Shape extends z.core.$ZodShape>(shape: Shape) => z.array(z.object(shape))

/**
 * A value of which NULL says that it is not known: one of another type says no more. The column has to be there. For
 * one of which NULL says something certain it is `nullable` instead, so that another type is not taken for that.
 */
export const orUnknown = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess(
    // What is null is often so in every row, and to refuse it costs more than to accept it.
    (value) => (value === undefined || value === null || schema.safeParse(value).success ? value : null),
    schema.nullable(),
  )

/** How far the HTTPS probe came with one URL; times in ms, null for a phase that was not reached. */
export const Reach = z.strictObject({
  url: z.string(),
  /** Address that was tried last; null when the name has none. */
  address: z.string().nullable(),
  phases: z.strictObject({
    dns: z.number().nullable(),
    connect: z.number().nullable(),
    tls: z.number().nullable(),
    http: z.number().nullable(),
  }),
  /** HTTP status; any status means connected. Null when the endpoint was not reached. */
  status: z.int().nullable(),
  failure: z
    .strictObject({
      phase: z.enum(['dns', 'connect', 'tls', 'http']),
      /** What the system said, for example `ENOTFOUND` or `CERT_HAS_EXPIRED`. */
      cause: z.string(),
      kind: z.enum(['refused', 'timeout', 'other']),
    })
    .nullable(),
})
export type Reach = Readonly<z.infer<typeof Reach>>
