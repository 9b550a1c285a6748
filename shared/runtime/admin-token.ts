import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writePrivateFile } from '../adapters/files/private-file.ts'
import { makeToken, storeToken } from '../flows/tokens.ts'
import type { Tokens } from '../ports/tokens.ts'

/** File of the first token of scope `admin`, or of the one that took its place. */
export const adminTokenFile = (dataFolder: string): string => join(dataFolder, 'admin-token')

/** Asks the service that holds the data folder for another token: who can write it could write the tokens as well. */
const requestFile = (dataFolder: string): string => join(dataFolder, 'admin-token.wanted')

/**
 * Makes a token of scope `admin` and writes it to a file that only its owner can read. The file comes first: a crash
 * before the token is stored leaves a file that is written again, and never a token that nobody knows.
 */
export const writeAdminToken = async (
  tokens: Pick<Tokens, 'put'>,
  dataFolder: string,
  name: string,
  now: Date,
): Promise<void> => {
  const issued = makeToken({ name, scope: 'admin' }, now)
  await writePrivateFile(adminTokenFile(dataFolder), `${issued.bearer}\n`)
  await storeToken(tokens, issued)
}

/** Writes another token in the place of one that was lost; those that there are stay right. */
export const renewAdminToken = (tokens: Pick<Tokens, 'put'>, dataFolder: string, now: Date): Promise<void> =>
  writeAdminToken(tokens, dataFolder, 'admin-token, written anew', now)

/** Asks the running service for another token. */
export const requestAdminToken = (dataFolder: string): Promise<void> =>
  writePrivateFile(requestFile(dataFolder), '')

/** Whether the running service is still asked for another token. */
export const isAdminTokenRequested = (dataFolder: string): boolean => existsSync(requestFile(dataFolder))

/** Asks no more. */
export const withdrawTokenRequest = (dataFolder: string): Promise<void> =>
  rm(requestFile(dataFolder), { force: true })

/** Writes another token where that is asked for; tells whether it did. */
export const answerTokenRequest = async (
  tokens: Pick<Tokens, 'put'>,
  dataFolder: string,
  now: Date,
): Promise<boolean> => {
  if (!isAdminTokenRequested(dataFolder)) return false
  await renewAdminToken(tokens, dataFolder, now)
  await withdrawTokenRequest(dataFolder)
  return true
}
