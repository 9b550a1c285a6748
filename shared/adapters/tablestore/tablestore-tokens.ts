import { Token } from '../../model/token.ts'
import type { Tokens } from '../../ports/tokens.ts'
import { noRow, someRow } from './conditions.ts'
import type { Columns } from './rows.ts'
import { rangeOf, readRange } from './range.ts'
import { tables } from './tables.ts'
import type { TablestoreClient } from './tablestore-client.ts'

const keyOf = (tokenId: string) => ({ token_id: tokenId })

const parse = ({ document }: Columns): Token => Token.parse(JSON.parse(String(document)))

const allTokens = { table: tables.tokens, direction: 'FORWARD', within: {}, by: 'token_id' } as const

/** Rows read at a time. */
const pageSize = 200

/** Bearer tokens on Tablestore. */
export const tablestoreTokens = (client: TablestoreClient): Tokens => ({
  get: async (tokenId) => {
    const columns = await client.getRow(tables.tokens, keyOf(tokenId))
    return columns && parse(columns)
  },

  put: async (token) => {
    const columns = { document: JSON.stringify(token) }
    const row = { table: tables.tokens, key: keyOf(token.id), columns, condition: noRow }
    const outcome = await client.writeRow({ kind: 'put', ...row })
    if (outcome === 'refused') throw new Error(`There is a token ${token.id} already`)
  },

  remove: async (tokenId) => {
    const row = { table: tables.tokens, key: keyOf(tokenId), condition: someRow }
    // Where an answer was lost and the row is gone, it was there.
    return (await client.writeRow({ kind: 'delete', ...row })) !== 'refused'
  },

  list: async () => {
    const found: Token[] = []
    for await (const { columns } of readRange(client, { ...rangeOf(allTokens), limit: pageSize }))
      found.push(parse(columns))
    return found
  },
})
