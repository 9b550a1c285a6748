/** Colours of a terminal by what they mean. */
export type Tone = 'good' | 'fair' | 'bad' | 'odd' | 'dim' | 'strong'

/** Puts colour on a text, or leaves it plain. */
export type Paint = Readonly<Record<Tone, (text: string) => string>>

/** Select Graphic Rendition parameters (ECMA-48, 8.3.117). */
const codes: Readonly<Record<Tone, number>> = { good: 32, fair: 33, bad: 31, odd: 35, dim: 2, strong: 1 }

const plain = (text: string): string => text
const colour =
  (tone: Tone) =>
  (text: string): string =>
    `\u001B[${codes[tone]}m${text}\u001B[0m`

const paintWith = (make: (tone: Tone) => (text: string) => string): Paint => ({
  good: make('good'),
  fair: make('fair'),
  bad: make('bad'),
  odd: make('odd'),
  dim: make('dim'),
  strong: make('strong'),
})

/** Colour when a terminal reads it, and NO_COLOR (no-color.org) does not ask for none; plain otherwise. */
export const paintFor = (isTerminal: boolean, environment: NodeJS.ProcessEnv): Paint =>
  paintWith(isTerminal && !environment['NO_COLOR'] ? colour : () => plain)
