import type * as z from 'zod'
import type { Result } from '../../../shared/model/failure.ts'
import { parsedFields } from './field-errors.ts'

type Json = unknown

const isObject = (value: Json): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Applies a JSON Merge Patch (RFC 7396): null removes a member, objects are merged, all else replaces. */
export const mergePatch = (target: Json, patch: Json): Json => {
  if (!isObject(patch)) return patch
  const merged = new Map(Object.entries(isObject(target) ? target : {}))
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name)
    else merged.set(name, mergePatch(merged.get(name), value))
  }
  return Object.fromEntries(merged)
}

/** A document after a merge patch, which its schema must still accept. */
export const patched = <Schema extends z.ZodType>(
  schema: Schema,
  target: z.output<Schema>,
  patch: Json,
): Result<z.output<Schema>, 'FIELDS_INVALID'> => parsedFields(schema, mergePatch(target, patch), ['body'])
