/** A name as MySQL takes it anywhere: in backticks, a backtick doubled ("Schema Object Names", MySQL reference manual). */
export const quoteName = (name: string): string => `\`${name.replaceAll('`', '``')}\``

/** A text as a literal ("String Literals", ibid.), whether sql_mode has NO_BACKSLASH_ESCAPES or not: it ends where it seems to. */
export const quoteString = (text: string): string =>
  `'${text.replaceAll('\\', String.raw`\\`).replaceAll("'", "''")}'`
