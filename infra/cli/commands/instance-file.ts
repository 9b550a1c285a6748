import { basename, extname } from 'node:path'
import { parse } from 'yaml'
import * as z from 'zod'
import { CommandFailed, reasonOf } from '../service/command-failed.ts'
import { fileText } from '../service/file-text.ts'

const InstanceFile = z.looseObject({ id: z.string().optional() })

/** An instance as a file describes it: the body of its registration, and its id (`id`, or the name of the file). */
export interface InstanceFile {
  readonly id: string
  readonly definition: Readonly<Record<string, unknown>>
}

/** JSON is YAML too. Warnings are left out: the service judges the definition. */
const parseYaml = (path: string): unknown => {
  const text = fileText(path)
  try {
    return parse(text, { logLevel: 'error' })
  } catch (cause) {
    throw new CommandFailed(`${path} is not valid YAML or JSON: ${reasonOf(cause)}`, 'FILE_INVALID')
  }
}

/** Reads a file in YAML or JSON. What is wrong in the definition itself is for the service to say. */
export const readInstanceFile = (path: string): InstanceFile => {
  const parsed = InstanceFile.safeParse(parseYaml(path))
  if (!parsed.success) {
    const isId = parsed.error.issues.some((issue) => issue.path[0] === 'id')
    throw new CommandFailed(
      isId
        ? `${path} has an id that is not a string: put it in quotes.`
        : `${path} does not describe an instance: it must be an object with engine, region and connection.`,
      'FILE_INVALID',
    )
  }
  const { id, ...definition } = parsed.data
  return { id: id ?? basename(path, extname(path)), definition }
}
