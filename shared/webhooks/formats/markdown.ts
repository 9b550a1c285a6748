import type { Digest, DigestEntry, DigestFix } from '../events/digest-parts.ts'

/** Distance from an ASCII character to its full-width form (Unicode block "Halfwidth and Fullwidth Forms"). */
const toFullWidth = 0xfee0

const widen = (character: string): string =>
  String.fromCodePoint((character.codePointAt(0) ?? 0) + toFullWidth)

/**
 * Everything that could be markup: emphasis, code, links, tags, mentions, entities, escapes, tables. An underscore
 * within a word is left alone, so that names stay readable.
 */
const markup = /[`*[\]<>~\\@&|]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu

/** What makes a line that begins with it a heading, a list, or the line above a heading. */
const lineStart = /^[#+=-]|(?<=^\d+)[.)]/gu

/** What chats turn into links by themselves: `://` and `www.`. */
const address = /:(?=\/\/)|(?<=www)\./giu

/**
 * A text in which nothing is markup any more. Neither robot documents an escape that all of its clients support, so
 * that characters with a meaning are replaced by their full-width forms, which look alike and have none.
 */
export const neutral = (text: string): string =>
  text.replaceAll(lineStart, widen).replaceAll(markup, widen).replaceAll(address, widen)

/** Ends inline code; and what would be a link or a tag in a client that does not know inline code. */
const unfitForCode = /`|\]\(|<[a-z/!@]/i

/** A command as inline code, exactly as it is typed; null where that is not safe. */
const codeOf = (command: string): string | null => (unfitForCode.test(command) ? null : `\`${command}\``)

const fixLine = ({ label, command, remark }: DigestFix, elsewhere: string): string => {
  const code = command === null ? null : codeOf(command)
  if (command !== null && code === null) return `${label}${elsewhere}`
  return `${label}${[code, remark === null ? null : neutral(remark)].filter(Boolean).join(' ')}`
}

/** A hard line break of Markdown. */
const lineBreak = '  \n'

const entryText = ({ subject, effect, why, fix }: DigestEntry, elsewhere: string): string =>
  [
    `**${neutral(subject)}** — ${neutral(effect)}`,
    neutral(why),
    ...(fix ? [fixLine(fix, elsewhere)] : []),
  ].join(lineBreak)

/** A message in the Markdown that the robots of DingTalk and WeCom share. */
export const markdownOf = (digest: Digest, elsewhere: string): string =>
  [
    `### ${neutral(digest.title)}`,
    digest.notes.map(neutral).join(lineBreak),
    ...digest.entries.map((entry) => entryText(entry, elsewhere)),
    ...(digest.more === null ? [] : [neutral(digest.more)]),
    neutral(digest.footer),
  ].join('\n\n')
