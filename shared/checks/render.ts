import { type Locale, type Message, type Text, type Vocabulary, fill, listTerms } from '../model/message.ts'
import {
  type Remediation,
  type RemediationStep,
  type RenderedRemediation,
  type RenderedStep,
  byHand,
} from '../model/remediation.ts'
import { commonVocabulary } from '../model/vocabulary.ts'
import { engines, findCheck } from './catalogue.ts'
import type { Check } from './framework/define-check.ts'
import {
  type ScriptLanguage,
  bash,
  defused,
  hazardIn,
  hazardWords,
  powershell,
} from './framework/script-language.ts'
import { ownerTexts } from './owner-rules.ts'
import { problems } from './problem-catalogue.ts'
import { heldBack, stepTexts } from './step-catalogue.ts'

/** What every term is called that a text or a step may have. */
export const vocabulary: Vocabulary = {
  ...commonVocabulary,
  ...hazardWords,
  ...Object.fromEntries(Object.values(engines).flatMap(({ words }) => Object.entries(words))),
}

/** Terms as a list in a language. */
export const renderTerms = (terms: readonly string[], locale: Locale): string =>
  listTerms(terms, locale, vocabulary)

/** A code without a text comes from another version of the catalogue: shown as it is, with its parameters. */
const unknownText = ({ code, params }: Message): string => `${code} ${JSON.stringify(params)}`

const renderText = (text: Text | undefined, message: Message, locale: Locale): string =>
  text ? fill(text, message.params, locale, vocabulary) : unknownText(message)

/** The text of a finding or an exclusion of a check item. */
export const renderMessage = (checkItem: string, message: Message, locale: Locale): string => {
  const check: Check | undefined = findCheck(checkItem)
  return renderText(check?.texts[message.code] ?? ownerTexts[message.code], message, locale)
}

/** Why an item was not determined, and what to do about it. */
export const renderReason = (reason: Message, locale: Locale): { text: string; advice: string } => {
  const problem = problems[reason.code]
  return {
    text: renderText(problem?.text, reason, locale),
    advice: problem ? fill(problem.advice, reason.params, locale, vocabulary) : '',
  }
}

const ofEngines = Object.values(engines).flatMap(({ script, languages: others }) => [script].concat(others))

const languages = new Map([bash, powershell].concat(ofEngines).map((language) => [language.name, language]))

/** The language of a step, or what is known of one of another version. */
const languageOf = (name: string): ScriptLanguage =>
  languages.get(name) ?? { name, client: name, hazard: null }

/** A command that its client would change is no command any more, but words that say so. */
const safe = (step: RemediationStep): RemediationStep & Pick<RenderedStep, 'escapedCommand'> => {
  const { language: name, command } = step
  const language = languageOf(name)
  const hazard = command === null ? null : hazardIn(command, language)
  if (command === null || hazard === null) return step
  const message = { code: heldBack, params: { client: language.client, hazard } }
  return { ...step, language: byHand, message, command: null, escapedCommand: defused(command, language) }
}

const renderStep = (step: RemediationStep, locale: Locale): RenderedStep => {
  const { message, ...rest } = safe(step)
  return {
    ...rest,
    text: renderText(stepTexts[message.code], message, locale),
    riskText: renderTerms([step.risk], locale),
    needsText: renderTerms([step.needs], locale),
  }
}

/**
 * A remediation in a language, for every reader: nothing of it that is shown as a command or a query is changed by the
 * client into which it is typed.
 */
export const renderRemediation = (
  { steps, verify, changes }: Remediation,
  locale: Locale,
): RenderedRemediation => ({
  steps: steps.map((step) => renderStep(step, locale)),
  verify: verify && hazardIn(verify.query, languageOf(verify.language)) === null ? verify : null,
  changes,
})
