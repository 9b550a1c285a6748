import * as z from 'zod'

/**
 * The same rows are parsed once, however many check items judge them: 32,767 databases take half a second each time.
 * What comes of it belongs to all of them.
 */
const parsedOnce = <Schema extends z.ZodType>(schema: Schema) => {
  const known = new WeakMap<object, z.ZodSafeParseResult<z.output<Schema>>>()
  const parse = (value: unknown): z.ZodSafeParseResult<z.output<Schema>> => {
    if (!Array.isArray(value)) return schema.safeParse(value)
    const result = known.get(value) ?? schema.safeParse(value)
    known.set(value, result)
    return result
  }
  return z.unknown().transform((value, context): z.output<Schema> => {
    const result = parse(value)
    if (result.success) return result.data
    for (const { path, message } of result.error.issues) {
      context.issues.push({ code: 'custom', path, message, input: value })
    }
    return z.NEVER
  })
}

/** Exactly one row. */
export const oneRow = <Shape extends z.core.$ZodShape>(shape: Shape) =>
  z.tuple([z.object(shape)]).transform(([row]) => row)

/** At least one row, for what is never empty on a healthy server: an empty answer is not accepted. */
export const someRows = <Shape extends z.core.$ZodShape>(shape: Shape) =>
  parsedOnce(z.array(z.object(shape)).min(1))

/** Any number of rows, none included. */
export const rows = <Shape extends z.core.$ZodShape>(shape: Shape) => parsedOnce(z.array(z.object(shape)))

/** Codes of the problems for which optional statements have no answer, by the names of their parts. */
export const Refusals = z.record(z.string(), z.string()).default({})

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
