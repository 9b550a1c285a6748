import { basename, extname } from 'node:path'
import * as z from 'zod'
import { CommandFailed } from '../service/command-failed.ts'
import type { ReadInput } from './command.ts'
import { type Fields, readFields } from '../service/definition-file.ts'

/** An instance as a file describes it: the body of its registration, and its id, where it says or its name does. */
export interface InstanceFile {
  readonly id: string | undefined
  readonly definition: Fields
}

const Id = z.string().optional()

/**
 * Reads a file in YAML or JSON, or the standard input (`-`), which gives no id by its name. What is wrong in the
 * definition itself is for the service to say.
 */
export const readInstanceFile = async (path: string, readInput: ReadInput): Promise<InstanceFile> => {
  const { id, ...definition } = await readFields(
    path,
    { en: 'an instance (engine, region, connection)', zh: '实例（engine、region、connection）' },
    readInput,
  )
  const named = Id.safeParse(id)
  if (!named.success)
    throw new CommandFailed(
      {
        en: `${path} has an id that is not a string: put it in quotes.`,
        zh: `${path} 中的 id 不是字符串：请加引号。`,
      },
      'FILE_INVALID',
    )
  return { id: named.data ?? (path === '-' ? undefined : basename(path, extname(path))), definition }
}
