import * as z from 'zod'

/** A language in which texts are rendered. */
export const Locale = z.enum(['en', 'zh'])
export type Locale = z.infer<typeof Locale>

/** A text in every language. `{name}` stands for the parameter of that name. */
export type Text = Readonly<Record<Locale, string>>

/** Values that fill the placeholders of a text. Never holds a secret. */
export const Params = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
export type Params = Readonly<z.infer<typeof Params>>

/** A text as it is stored and sent: its code and parameters. Rendered in the reader's language at the last moment. */
export const Message = z.strictObject({ code: z.string().min(1), params: Params })
export type Message = Readonly<z.infer<typeof Message>>

/** Fills the placeholders of a text; a placeholder without a parameter stays visible, so that the gap is noticed. */
export const fill = (text: string, params: Params): string =>
  text.replaceAll(/\{(\w+)\}/g, (placeholder, name: string) => String(params[name] ?? placeholder))
