import * as z from 'zod'
import { CheckItemId } from './finding.ts'
import { NamePattern, fits } from './name-pattern.ts'

/** What the owner of an instance says of the databases whose names fit a pattern. */
export const DatabaseRule = z.strictObject({
  name: NamePattern.describe('Name of a database; * and ? stand for other characters.'),
  expectedState: z
    .literal('offline')
    .optional()
    .describe('offline: it is so on purpose, which no item holds against it.'),
  exclude: z
    .array(CheckItemId)
    .min(1)
    .max(100)
    .optional()
    .describe('Check items that leave these databases out.'),
})
export type DatabaseRule = Readonly<z.infer<typeof DatabaseRule>>

/** Tells whether a check item leaves a database out because its owner says so. */
export const isLeftOut = (
  rules: readonly DatabaseRule[],
  checkItem: CheckItemId,
  database: string,
): boolean => rules.some(({ name, exclude }) => exclude?.includes(checkItem) && fits(name, database))

/** Tells whether a database is offline on purpose. */
export const isOfflineOnPurpose = (rules: readonly DatabaseRule[], database: string): boolean =>
  rules.some(({ name, expectedState }) => expectedState === 'offline' && fits(name, database))
