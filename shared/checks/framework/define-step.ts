import type { Text } from '../../model/message.ts'
import { type RemediationStep, type Risk, byHand } from '../../model/remediation.ts'
import type { CommonRight } from '../../model/vocabulary.ts'
import type { ScriptLanguage } from './script-language.ts'

/** Names of the placeholders of a text. */
type PlaceholdersIn<Words extends string> = Words extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PlaceholdersIn<Rest>
  : never

/** What a step does, in both languages: by the code that stored steps refer to. */
export interface StepText {
  readonly code: string
  readonly text: Text
}

/** Makes a step from what its text and its command name. */
export interface Step<Params> extends StepText {
  (params: Params): RemediationStep
}

interface About<Right extends string, English extends string> {
  readonly risk: Risk
  readonly needs: Right | CommonRight
  /** Says what the step does, as an order. */
  readonly en: English
  readonly zh: string
}

interface Typed<Params> {
  readonly language: ScriptLanguage
  /** One line, complete, with quoted names: what cannot be typed safely is held back where it is rendered. */
  readonly command: (params: Params) => string
}

interface ByHand {
  readonly language: typeof byHand
}

/** Parameters that the text names, and no others: a command that is stored already is not stored once more. */
const named = (english: string, params: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(params).filter(([name]) => english.includes(`{${name}}`)))

/**
 * Defines steps of a family (an engine, say), whose rights are `Right` beside those that no engine has a word for. A
 * step is written once: what it does in both languages, its risk, the right that it takes, and its command.
 */
export const stepsFor =
  <Right extends string = never>(family: string) =>
  <const English extends string, Params extends Readonly<Record<PlaceholdersIn<English>, string>>>(
    name: string,
    definition: About<Right, English> & (Typed<Params> | ByHand),
  ): Step<Params> => {
    const { risk, needs, en, zh } = definition
    const code = `${family}.${name}`
    const make = (params: Params): RemediationStep => {
      const about = { risk, needs, message: { code, params: named(en, params) } }
      return definition.language === byHand
        ? { ...about, language: byHand, command: null }
        : { ...about, language: definition.language.name, command: definition.command(params) }
    }
    return Object.assign(make, { code, text: { en, zh } })
  }
