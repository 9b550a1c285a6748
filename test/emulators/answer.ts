/** White space in a statement does not tell statements apart. */
const foldStatement = (sql: string): string => sql.replaceAll(/\s+/g, ' ').trim()

/** Answers by the exact text of a statement, white space folded. */
export const statementTable = <Answer>(
  entries: Iterable<readonly [string, Answer]>,
): ((sql: string) => Answer | undefined) => {
  const answers = new Map([...entries].map(([sql, answer]) => [foldStatement(sql), answer]))
  return (sql) => answers.get(foldStatement(sql))
}
