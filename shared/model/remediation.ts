import * as z from 'zod'
import { Evidence } from './evidence.ts'
import { Message } from './message.ts'

/** What a step may do to the users of the database while it runs. */
export const Risk = z.enum(['online', 'restart', 'downtime', 'data-loss'])
export type Risk = z.infer<typeof Risk>

/** Language of a step in words, for what no command does. */
export const byHand = 'manual'

/** Where a command is typed, `tsql` say: engines declare theirs. */
const Language = z.string().regex(/^[a-z][a-z0-9]{1,15}$/)

const Step = {
  language: Language,
  risk: Risk,
  /** The right that it takes: the engine's own word for it, or one of the vocabulary. */
  needs: z.string().min(1),
  /** Complete, with quoted names, to be run as it is; null for a step by hand. */
  command: z.string().min(1).nullable(),
}

/** Codes of the texts of steps that were stored without one. */
export const olderSteps = { byHand: 'stored.BY_HAND', command: 'stored.COMMAND' } as const

/** A step as version 0.2.0 stored it, which had the words of a step by hand as its command. */
const OlderStep = z.strictObject({ language: Language, command: z.string().min(1), risk: Risk })

const isOlder = (stored: unknown): boolean =>
  typeof stored === 'object' && stored !== null && !('message' in stored)

/** What is neither a step nor an older one stays as it is, for the schema to refuse. */
const upgraded = (stored: unknown): unknown => {
  const older = isOlder(stored) ? OlderStep.safeParse(stored).data : undefined
  if (!older) return stored
  const { language, command, risk } = older
  const common = { language, risk, needs: 'unstated' }
  return language === byHand
    ? { ...common, message: { code: olderSteps.byHand, params: { words: command } }, command: null }
    : { ...common, message: { code: olderSteps.command, params: {} }, command }
}

/** One step of a fix; `message` says what it does, in the reader's language at the last moment. */
export const RemediationStep = z.preprocess(
  upgraded,
  z
    .strictObject({ ...Step, message: Message })
    .refine(({ language, command }) => (language === byHand) === (command === null), {
      error: 'a step has a command unless it is done by hand',
    }),
)
export type RemediationStep = Readonly<z.infer<typeof RemediationStep>>

const Verify = z.strictObject({ language: Language, query: z.string().min(1) }).nullable()

/** How to fix a finding, in order, and the query that shows that it is fixed. Printed, never executed. */
export const Remediation = z.strictObject({
  /** What may lose data comes last. */
  steps: z.array(RemediationStep).min(1),
  verify: Verify,
  /**
   * The facts of the object that the steps change, by column, and to what. Empty only where somebody has to decide or
   * to find something out first, or where the steps let the service see facts that it could not read.
   */
  changes: Evidence.default({}),
})
export type Remediation = Readonly<z.infer<typeof Remediation>>

/** A step in the reader's language. */
export const RenderedStep = z.strictObject({
  ...Step,
  /** Instead of a command that cannot be typed safely, as `text` says: the same with what is unsafe escaped, to be read. */
  escapedCommand: z.string().optional(),
  riskText: z.string(),
  needsText: z.string(),
  text: z.string(),
})
export type RenderedStep = Readonly<z.infer<typeof RenderedStep>>

/** A remediation in the reader's language. */
export const RenderedRemediation = z.strictObject({
  steps: z.array(RenderedStep).min(1),
  verify: Verify,
  changes: Evidence,
})
export type RenderedRemediation = Readonly<z.infer<typeof RenderedRemediation>>
