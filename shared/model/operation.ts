import * as z from 'zod'

/** What a backup plan may do with a database; the columns of the readiness table. */
export const Operation = z.enum(['full', 'incremental', 'log', 'restore'])
export type Operation = z.infer<typeof Operation>

/** All operations, in the order in which reports list them. */
export const allOperations: readonly Operation[] = Operation.options

/** Every operation that takes a backup, that is all but `restore`. */
export const backupOperations: readonly Operation[] = ['full', 'incremental', 'log']
