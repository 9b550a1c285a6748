/** Punctuation that is written full-width in Chinese; the colons of `{host}:{port}`, `https://` and `ecs:RunCommand` are code. */
const halfWidthPunctuation = /[,;!?()"]|:(?!\/\/|\{port\}|[A-Z])/

/** One space stands between Han and Latin letters, digits or placeholders … */
const missingSpace = /\p{sc=Han}[A-Za-z0-9{]|[A-Za-z0-9}]\p{sc=Han}/u

/** … and none anywhere else, such as beside full-width punctuation, which is wide enough. */
const needlessSpace = /\p{sc=Han} +\p{sc=Han}|[，：；（）。、“”] | [，：；（）。、“”]| {2}/u

/** A sentence in English, where a name, an option or a statement has fewer words in lower case. */
const englishSentence = /[a-z]{2,}(?: [a-z]{2,}){3,}/

const rules = [halfWidthPunctuation, missingSpace, needlessSpace, englishSentence]

/** What breaks the rules of Chinese texts in one that is not filled yet, or filled with ordinary names. */
export const breachesIn = (text: string): string[] => rules.flatMap((rule) => rule.exec(text)?.[0] ?? [])

/** Two Chinese words with a space between them: where a term was filled in between spaces that are for names. */
export const spacedTerms = /\p{sc=Han} +\p{sc=Han}/u
