import * as z from 'zod'

/** A language in which texts are rendered. */
export const Locale = z.enum(['en', 'zh'])
export type Locale = z.infer<typeof Locale>

/** A text in every language. `{name}` stands for the parameter of that name. */
export type Text = Readonly<Record<Locale, string>>

/** What terms are called in every language: those of operations, roles or rights, say. */
export type Vocabulary = Readonly<Record<string, Text>>

/** Values that fill the placeholders of a text; a list holds terms of the vocabulary. Never holds a secret. */
export const Params = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean(), z.array(z.string()).readonly()]),
)
export type Params = Readonly<z.infer<typeof Params>>

/** A text as it is stored and sent: its code and parameters. Rendered in the reader's language at the last moment. */
export const Message = z.strictObject({ code: z.string().min(1), params: Params })
export type Message = Readonly<z.infer<typeof Message>>

const separators: Readonly<Record<Locale, string>> = { en: ', ', zh: '、' }

/** Terms as a list in a language. What the vocabulary does not know, the engine's own words say, is shown as it is. */
export const listTerms = (terms: readonly string[], locale: Locale, vocabulary: Vocabulary): string =>
  terms.map((term) => vocabulary[term]?.[locale] ?? term).join(separators[locale])

/** Fills the placeholders of a text; a placeholder without a parameter stays visible, so that the gap is noticed. */
export const fill = (text: Text, params: Params, locale: Locale, vocabulary: Vocabulary = {}): string =>
  text[locale].replaceAll(/\{(\w+)\}/g, (placeholder, name: string) => {
    const value = params[name] ?? placeholder
    return typeof value === 'object' ? listTerms(value, locale, vocabulary) : String(value)
  })
