import { hasAdmin } from '../../shared/flows/tokens.ts'
import type { Log } from '../../shared/ports/log.ts'
import type { Tokens } from '../../shared/ports/tokens.ts'
import { adminTokenFile, answerTokenRequest, writeAdminToken } from '../../shared/runtime/admin-token.ts'
import type { Tick } from './clock.ts'

/** Where nobody could issue tokens, writes one of scope `admin` to its file; tells whether it did. */
export const ensureFirstToken = async (tokens: Tokens, dataFolder: string, now: Date): Promise<boolean> => {
  if (await hasAdmin(tokens, now)) return false
  await writeAdminToken(tokens, dataFolder, 'first token', now)
  return true
}

/** Writes the file of the admin token again when the owner of the data folder asks for that. */
export const renewingToken =
  (
    { tokens, now }: { readonly tokens: Pick<Tokens, 'put'>; readonly now: () => Date },
    dataFolder: string,
    log: Log,
  ): Tick =>
  async () => {
    if (await answerTokenRequest(tokens, dataFolder, now()))
      log.warn('host.admin-token-renewed', { file: adminTokenFile(dataFolder) })
    return { isBusy: false }
  }
