/** A word for a POSIX shell: in single quotes, a single quote closed, escaped and opened again ("Quoting", POSIX shell). */
export const quoteShell = (word: string): string => `'${word.replaceAll("'", String.raw`'\''`)}'`
