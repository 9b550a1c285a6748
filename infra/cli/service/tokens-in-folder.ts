import { issuedTokenView, tokenView } from '../../../functions/api/views/token-view.ts'
import { issueToken, revokeToken, rotateToken } from '../../../shared/flows/tokens.ts'
import type { Result } from '../../../shared/model/failure.ts'
import { listAll } from '../../../shared/ports/documents.ts'
import type { Tokens } from '../../../shared/ports/tokens.ts'
import {
  adminTokenFile,
  isAdminTokenRequested,
  renewAdminToken,
  requestAdminToken,
  withdrawTokenRequest,
} from '../../../shared/runtime/admin-token.ts'
import { CommandFailed } from './command-failed.ts'
import type { TokenDesk } from './tokens-of-service.ts'

/** The code where a running service holds the data folder. */
const inUse = 'DATA_IN_USE'

/** The database is native code, which the other commands do without. */
const work = async <Value>(folder: string, use: (tokens: Tokens) => Promise<Value>): Promise<Value> => {
  const { DatabaseInUse, DatabaseUnusable, withTokensIn } =
    await import('../../../shared/runtime/data-folder.ts')
  try {
    return await withTokensIn(folder, use)
  } catch (fault) {
    if (!(fault instanceof DatabaseUnusable)) throw fault
    throw new CommandFailed(fault.message, fault instanceof DatabaseInUse ? inUse : 'DATA_UNUSABLE')
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

/** Looks whether the running service has written the token, and ms between two of them: it looks every second. */
const looks = { atMost: 40, everyMs: 250 }

/** Has the service that holds the folder write it: no second process writes its database. */
const askService = async (folder: string, pauseMs: (ms: number) => Promise<void>): Promise<void> => {
  await requestAdminToken(folder)
  for (let look = 0; look < looks.atMost; look += 1) {
    await pauseMs(looks.everyMs)
    if (!isAdminTokenRequested(folder)) return
  }
  await withdrawTokenRequest(folder)
  throw new CommandFailed(
    {
      en: `The service that uses ${folder} wrote no token within 10 s. Stop it and run this again.`,
      zh: `正在使用 ${folder} 的服务在 10 秒内没有写出令牌。请停止该服务后重试。`,
    },
    inUse,
  )
}

/**
 * Writes the file `admin-token` of a data folder again, with another token, whether its service runs or not; resolves
 * with the path of the file. `pauseMs` waits. Throws `CommandFailed`.
 */
export const resetAdminToken = async (
  folder: string,
  pauseMs: (ms: number) => Promise<void>,
): Promise<string> => {
  try {
    await work(folder, (tokens) => renewAdminToken(tokens, folder, new Date()))
  } catch (fault) {
    if (!(fault instanceof CommandFailed) || fault.code !== inUse) throw fault
    await askService(folder, pauseMs)
  }
  return adminTokenFile(folder)
}
