import * as z from 'zod'

/**
 * The version of the shapes of queue messages and stored documents. It goes up when a function of the release before
 * could not read what this one writes; until all are deployed, old and new ones run side by side.
 */
export const schemaVersion = 1

/** Something of a later release: this one cannot read it, and must leave it to one that can. */
export class SchemaNewer extends Error {
  override readonly name = 'SchemaNewer'
}

const Versioned = z.looseObject({ schema: z.int().min(1).default(1) })

/** What is written, with the version of its shape; one that was put in before stays. */
export const withSchemaVersion = (content: object): object => ({ schema: schemaVersion, ...content })

/** What was written, without the version of its shape. Throws `SchemaNewer`. Before there were versions it was 1. */
export const withoutSchemaVersion = (written: unknown): unknown => {
  const { data } = Versioned.safeParse(written)
  if (!data) return written
  const { schema, ...content } = data
  if (schema > schemaVersion)
    throw new SchemaNewer(`It has schema version ${schema}; this is ${schemaVersion}.`)
  return content
}
