/** A name as T-SQL takes it anywhere: in brackets, a closing bracket doubled (QUOTENAME in the Transact-SQL reference). */
export const quoteName = (name: string): string => `[${name.replaceAll(']', ']]')}]`

/** A text as a T-SQL literal: in quotes, a quote doubled. */
export const quoteString = (text: string): string => `N'${text.replaceAll("'", "''")}'`
