import * as z from 'zod'
import { AffectedObject } from './finding.ts'

/** Databases of an instance that are told apart one by one. Of more than that, it is only seen whether any of them changed. */
export const maxIdentified = 500

/** Characters of the longest name of a database that an engine has: `sysname` of SQL Server. */
const maxNameLength = 128

/** A GUID, a time or a number; null: not known, so that nothing is concluded from it. */
const Mark = z.string().max(64).nullable()

/** The `base` of a database that has had no full backup; null is one that is not known. */
export const noBase = 'none'

/**
 * What tells a database from another one of the same name, as a list, since there are many. `origin`: another one where
 * it was created anew; `fork`: another one where it went back in time; `base`: the last full backup that it knows of.
 */
export const DatabaseIdentity = z.tuple([z.string().max(maxNameLength), Mark, Mark, Mark])
export type DatabaseIdentity = Readonly<z.infer<typeof DatabaseIdentity>>

/** What tells an instance from another one at the same address, as far as its engine has it. */
export const InstanceIdentity = z.strictObject({
  /** What the server calls itself. */
  name: Mark,
  /** Of the whole database, where the instance is one. */
  id: Mark,
  /** As of a database. */
  fork: Mark,
})
export type InstanceIdentity = Readonly<z.infer<typeof InstanceIdentity>>

/** Who an instance and its databases are, as a check item saw them. */
export const Identities = z.strictObject({
  instance: InstanceIdentity,
  type: AffectedObject.shape.type.exclude(['instance']),
  /** Whether every database was seen. */
  isWhole: z.boolean(),
  count: z.int().nonnegative(),
  /** Of all of them, whatever their order: the same as long as none of them becomes another one. */
  hash: z.string().regex(/^[0-9a-f]{16}$/),
  /** In the order of their names; empty where they are too many. */
  databases: z.array(DatabaseIdentity).max(maxIdentified),
})
export type Identities = Readonly<z.infer<typeof Identities>>
