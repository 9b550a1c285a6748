import { createReadStream, createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { CommandFailed } from './command-failed.ts'

/** Only its owner may read it: it holds hashes of tokens, and addresses and user names of databases. */
const ownerOnly = 0o600

const isCompressed = (path: string): boolean => path.endsWith('.gz')

const reasonOf = (fault: unknown): string =>
  fault instanceof Error && 'code' in fault ? String(fault.code) : ''

const withLineFeeds = async function* (lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`
}

/** Writes lines to a file that is there only when it is whole, compressed by gzip if its name ends in `.gz`. */
export const writeLines = async (path: string, lines: AsyncIterable<string>): Promise<void> => {
  const part = `${path}.part`
  const source = Readable.from(withLineFeeds(lines), { objectMode: true, highWaterMark: 1 })
  const target = createWriteStream(part, { mode: ownerOnly })
  try {
    await (isCompressed(path) ? pipeline(source, createGzip(), target) : pipeline(source, target))
    await rename(part, path)
  } catch (fault) {
    await rm(part, { force: true })
    if (/^E[A-Z]+$/.test(reasonOf(fault)))
      throw new CommandFailed(
        {
          en: `The backup cannot be written to ${path} (${reasonOf(fault)}).`,
          zh: `无法将备份写入 ${path}（${reasonOf(fault)}）。`,
        },
        'FILE_UNWRITABLE',
      )
    throw fault
  }
}

/** The pieces of a file, as they are read. */
const piecesOf = (path: string): AsyncIterable<Buffer> => {
  const file = createReadStream(path)
  if (!isCompressed(path)) return file
  const unpacked = createGunzip()
  file.on('error', (fault) => unpacked.destroy(fault))
  return file.pipe(unpacked)
}

/** The lines of a file, one at a time. Rejects with `CommandFailed` where it cannot be read. */
export const readLines = async function* (path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let begun = ''
  try {
    for await (const piece of piecesOf(path)) {
      const lines = (begun + decoder.decode(piece, { stream: true })).split('\n')
      begun = lines.pop() ?? ''
      yield* lines
    }
  } catch (fault) {
    if (reasonOf(fault) === '') throw fault
    throw new CommandFailed(
      {
        en: `The backup ${path} cannot be read (${reasonOf(fault)}).`,
        zh: `无法读取备份 ${path}（${reasonOf(fault)}）。`,
      },
      'FILE_UNREADABLE',
    )
  }
  if (begun !== '') yield begun
}
