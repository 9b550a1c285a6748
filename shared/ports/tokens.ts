import { Token } from '../model/token.ts'
import type { DocumentKind, Documents } from './documents.ts'

/** The bearer tokens of the API by their ids. */
export const tokenKind: DocumentKind<Token> = {
  table: 'tokens',
  keyColumns: ['token_id'],
  schema: Token,
  order: 'ascending',
}

export type Tokens = Documents<Token>
