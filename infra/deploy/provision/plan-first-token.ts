import { type FileHandle, open, rm } from 'node:fs/promises'
import { TablestoreError } from '../../../shared/runtime/operator.ts'
import { hasAdmin, makeToken, storeToken } from '../../../shared/flows/tokens.ts'
import type { Tokens } from '../../../shared/ports/tokens.ts'
import type { Change } from './change.ts'
import { ProvisionFailed, failureOf } from './failure.ts'
import type { TablePlace } from './plan-tables.ts'

/** Whether nobody could issue tokens; nobody could where there is no table. */
const isNeeded = async (tokens: Pick<Tokens, 'list'>, { endpoint }: TablePlace): Promise<boolean> => {
  try {
    return !(await hasAdmin(tokens, new Date()))
  } catch (fault) {
    if (!(fault instanceof TablestoreError)) throw fault
    if (fault.code === 'OTSObjectNotExist') return true
    throw failureOf('GetRange of tokens', fault.code, endpoint)
  }
}

/** A new file that only its owner can read. */
const create = async (file: string): Promise<FileHandle> => {
  try {
    return await open(file, 'wx', 0o600)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
    throw new ProvisionFailed(
      `The file ${file} cannot be created: ${code}.\nName a new file with --first-token; no token was issued.`,
    )
  }
}

/** Plans a token of scope `admin`, written to a file, if there is none. Throws `ProvisionFailed`. */
export const planFirstToken = async (
  tokens: Pick<Tokens, 'list' | 'put'>,
  place: TablePlace,
  file: string,
): Promise<readonly Change[]> => {
  if (!(await isNeeded(tokens, place))) return []
  return [
    {
      title: 'issue the first token',
      details: ['scope: admin', `written to: ${file}`],
      apply: async () => {
        // The file first, and on disk: a token that is not written down would be lost.
        const handle = await create(file)
        try {
          const issued = makeToken({ name: 'first token', scope: 'admin' }, new Date())
          await handle.writeFile(`${issued.bearer}\n`)
          await handle.sync()
          await storeToken(tokens, issued)
        } catch (fault) {
          await rm(file, { force: true })
          throw fault instanceof TablestoreError
            ? failureOf('PutRow of tokens', fault.code, place.endpoint)
            : fault
        } finally {
          await handle.close()
        }
      },
    },
  ]
}
