/**
 * An identifier as Oracle takes it in any case: in double quotes. Oracle allows no double quote inside one, so a name
 * that holds one is doubled and fails, instead of naming another object ("Database Object Names", SQL Language
 * Reference).
 */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** A text as a SQL literal: in quotes, a quote doubled ("Text Literals", SQL Language Reference). */
export const quoteString = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** The user of a login as an identifier: in upper case, as Oracle folds it, unless the registration has it in double quotes. */
export const quoteUser = (username: string): string =>
  /^"[^"]+"$/.test(username) ? username : quoteName(username.toUpperCase())
