import { readFileSync } from 'node:fs'
import { basename, extname } from 'node:path'
import { parse } from 'yaml'
import * as z from 'zod'
import { RequestFailed } from './client.ts'

const InstanceFile = z.looseObject({ id: z.string().optional() })

/** An instance as a file describes it: the body of its registration, and its id (`id`, or the name of the file). */
export interface InstanceFile {
  readonly id: string
  readonly definition: Readonly<Record<string, unknown>>
}

/** Reads a file in YAML or JSON. What is wrong in the definition itself is for the service to say. */
export const readInstanceFile = (path: string): InstanceFile => {
  let content: unknown
  try {
    content = parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : ''
    throw new RequestFailed(`${path} cannot be read as YAML or JSON: ${why}`, 'FILE_UNREADABLE')
  }
  const parsed = InstanceFile.safeParse(content)
  if (!parsed.success) {
    throw new RequestFailed(
      `${path} holds no instance: it must be an object with engine, region and connection.`,
      'FILE_INVALID',
    )
  }
  const { id, ...definition } = parsed.data
  return { id: id ?? basename(path, extname(path)), definition }
}
