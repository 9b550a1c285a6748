import { readFile } from 'node:fs/promises'
import { TablestoreError } from '../../../shared/runtime/operator.ts'
import { hasAdmin, makeToken, storeToken } from '../../../shared/flows/tokens.ts'
import type { Tokens } from '../../../shared/ports/tokens.ts'
import { writePrivateFile } from '../../../shared/runtime/data-folder.ts'
import type { Change } from './change.ts'
import { DeployFailed, failureOf } from './failure.ts'
import type { TablePlace } from './plan-tables.ts'

const failed = (fault: unknown, operation: string, { endpoint }: TablePlace): unknown =>
  fault instanceof TablestoreError
    ? failureOf({ product: 'ots', operation, of: 'table tokens' }, fault.code, endpoint)
    : fault

/** Whether nobody could issue tokens; nobody could where there is no table. */
const isNeeded = async (tokens: Pick<Tokens, 'list'>, place: TablePlace): Promise<boolean> => {
  try {
    return !(await hasAdmin(tokens, new Date()))
  } catch (fault) {
    if (fault instanceof TablestoreError && fault.code === 'OTSObjectNotExist') return true
    throw failed(fault, 'GetRange', place)
  }
}

const codeOf = (fault: unknown): string =>
  fault instanceof Error && 'code' in fault ? String(fault.code) : 'unknown'

const unwritten = (file: string, why: string): DeployFailed =>
  new DeployFailed(
    `The file ${file} cannot be written: ${why}.\nName another one with --token; no token was issued.`,
  )

/** What a run that was cut has left holds a token that nobody knows; what else is there stays. */
const refuseForeign = async (file: string): Promise<void> => {
  const text = await readFile(file, 'utf8').catch((fault: unknown) => {
    if (codeOf(fault) === 'ENOENT') return null
    throw unwritten(file, codeOf(fault))
  })
  if (text !== null && !text.startsWith('bp_')) throw unwritten(file, 'something else is in it')
}

/** Writes to a file that only its owner can read. */
const write = async (file: string, text: string): Promise<void> => {
  await refuseForeign(file)
  try {
    await writePrivateFile(file, text)
  } catch (fault) {
    throw unwritten(file, codeOf(fault))
  }
}

/** Plans a token of scope `admin`, written to a file, if there is none. Throws `DeployFailed`. */
export const planFirstToken = async (
  tokens: Pick<Tokens, 'list' | 'put'>,
  place: TablePlace,
  file: string,
  hasInstance: boolean,
): Promise<readonly Change[]> => {
  if (hasInstance && !(await isNeeded(tokens, place))) return []
  return [
    {
      title: 'issue the first token',
      details: ['scope: admin', `written to: ${file}`],
      apply: async () => {
        const issued = makeToken({ name: 'first token', scope: 'admin' }, new Date())
        // The file first, and on disk: a token that is not written down would be lost.
        await write(file, `${issued.bearer}\n`)
        try {
          await storeToken(tokens, issued)
        } catch (fault) {
          throw failed(fault, 'PutRow', place)
        }
      },
    },
  ]
}
