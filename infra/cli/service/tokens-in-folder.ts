import { issuedTokenView, tokenView } from '../../../functions/api/views/token-view.ts'
import { issueToken, revokeToken, rotateToken } from '../../../shared/flows/tokens.ts'
import type { Result } from '../../../shared/model/failure.ts'
import { listAll } from '../../../shared/ports/documents.ts'
import type { Tokens } from '../../../shared/ports/tokens.ts'
import { CommandFailed } from './command-failed.ts'
import type { TokenDesk } from './tokens-of-service.ts'

/** The database is native code, which the other commands do without. */
const work = async <Value>(folder: string, use: (tokens: Tokens) => Promise<Value>): Promise<Value> => {
  const { DatabaseUnusable, withTokensIn } = await import('../../../shared/runtime/data-folder.ts')
  try {
    return await withTokensIn(folder, use)
  } catch (fault) {
    throw fault instanceof DatabaseUnusable ? new CommandFailed(fault.message, 'DATA_UNUSABLE') : fault
  }
}

const valueOf = <Value>(result: Result<Value, string>): Value => {
  if ('value' in result) return result.value
  throw new CommandFailed(result.failure.detail, result.failure.code)
}

/** The tokens in the data folder of a service that is stopped: the way back in when every token is lost. */
export const tokensInFolder = (folder: string): TokenDesk => ({
  create: async (request) =>
    issuedTokenView(await work(folder, (tokens) => issueToken(tokens, request, new Date()))),
  list: async () => (await work(folder, listAll)).map(tokenView),
  revoke: async (tokenId) => {
    valueOf(await work(folder, (tokens) => revokeToken(tokens, tokenId, new Date())))
  },
  rotate: async (tokenId) =>
    issuedTokenView(valueOf(await work(folder, (tokens) => rotateToken(tokens, tokenId, new Date())))),
})
