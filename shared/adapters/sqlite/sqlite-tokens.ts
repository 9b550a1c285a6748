import { Token } from '../../model/token.ts'
import type { Tokens } from '../../ports/tokens.ts'
import type { Database } from './database.ts'
import type { Writer } from './group-commit.ts'

const parse = (row: Record<string, unknown>): Token => Token.parse(JSON.parse(String(row['document'])))

/** Bearer tokens in the embedded database. */
export const sqliteTokens = ({ connection }: Database, { write }: Writer): Tokens => {
  const select = connection.prepare('SELECT document FROM tokens WHERE token_id = ?')
  const insert = connection.prepare('INSERT INTO tokens (token_id, document) VALUES (?, ?)')
  const remove = connection.prepare('DELETE FROM tokens WHERE token_id = ?')
  const all = connection.prepare('SELECT document FROM tokens ORDER BY token_id')

  return {
    get: async (tokenId) => {
      const row = select.get(tokenId)
      return row ? parse(row) : null
    },
    put: async (token) => {
      await write(() => insert.run(token.id, JSON.stringify(token)))
    },
    remove: (tokenId) => write(() => remove.run(tokenId).changes === 1),
    list: async () => all.all().map(parse),
  }
}
