import { readFileSync } from 'node:fs'
import { CommandFailed, reasonOf } from './command-failed.ts'

/** The text of a file. Throws `CommandFailed` where it cannot be read. */
export const fileText = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new CommandFailed(`${path} cannot be read: ${reasonOf(cause)}`, 'FILE_UNREADABLE')
  }
}
