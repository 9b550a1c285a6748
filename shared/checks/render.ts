import { type Locale, type Message, type Text, fill } from '../model/message.ts'
import { findCheck } from './catalogue.ts'
import type { Check } from './framework/define-check.ts'
import { problems } from './problem-catalogue.ts'

/** A code without a text comes from another version of the catalogue: shown as it is, with its parameters. */
const unknownText = ({ code, params }: Message): string => `${code} ${JSON.stringify(params)}`

const renderText = (text: Text | undefined, message: Message, locale: Locale): string =>
  text ? fill(text[locale], message.params) : unknownText(message)

/** The text of a finding or an exclusion of a check item. */
export const renderMessage = (checkItem: string, message: Message, locale: Locale): string => {
  const check: Check | undefined = findCheck(checkItem)
  return renderText(check?.texts[message.code], message, locale)
}

/** Why an item was not determined, and what to do about it. */
export const renderReason = (reason: Message, locale: Locale): { text: string; advice: string } => {
  const problem = problems[reason.code]
  return {
    text: renderText(problem?.text, reason, locale),
    advice: problem ? fill(problem.advice[locale], reason.params) : '',
  }
}
