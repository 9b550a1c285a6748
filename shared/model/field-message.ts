import type { Text } from './message.ts'

const texts = new Map<string, Text>()

/**
 * What a rule of a schema says of a value that breaks it, as zod takes it: the English text, by which
 * `fieldTextOf` finds the others. For texts that are written once, with their schema: all of them are kept.
 */
export const fieldMessage = (text: Text): string => {
  texts.set(text.en, text)
  return text.en
}

/** What a rule says, in every language; undefined for what zod says by itself. */
export const fieldTextOf = (message: string): Text | undefined => texts.get(message)
