import { hasAdmin, makeToken, storeToken } from '../../shared/flows/tokens.ts'
import type { Tokens } from '../../shared/ports/tokens.ts'
import { firstTokenFile, writePrivateFile } from '../../shared/runtime/data-folder.ts'

/**
 * Where nobody could issue tokens, makes one of scope `admin` and writes it to a file that only its owner can read;
 * tells whether it did. The file comes first: a crash before the token is stored leaves a file that the next start
 * replaces, and never a token that nobody knows.
 */
export const ensureFirstToken = async (tokens: Tokens, dataFolder: string, now: Date): Promise<boolean> => {
  if (await hasAdmin(tokens, now)) return false
  const issued = makeToken({ name: 'first token', scope: 'admin' }, now)
  await writePrivateFile(firstTokenFile(dataFolder), `${issued.bearer}\n`)
  await storeToken(tokens, issued)
  return true
}
