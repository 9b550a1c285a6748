import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { issueToken } from '../../shared/flows/tokens.ts'
import type { Tokens } from '../../shared/ports/tokens.ts'

/** File of the first token in the data folder. */
export const tokenFile = (dataFolder: string): string => join(dataFolder, 'admin-token')

/** At the first start makes a token of scope `admin` and writes it to a file that only its owner can read; tells whether it did. */
export const ensureFirstToken = async (tokens: Tokens, dataFolder: string, now: Date): Promise<boolean> => {
  if ((await tokens.list({ limit: 1 })).items.length > 0) return false
  const { bearer } = await issueToken(tokens, { name: 'first token', scope: 'admin' }, now)
  await writeFile(tokenFile(dataFolder), `${bearer}\n`, { mode: 0o600 })
  return true
}
