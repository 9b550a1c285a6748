import { parse } from 'yaml'
import * as z from 'zod'
import type { Text } from '../../../shared/model/message.ts'
import { CommandFailed, reasonOf } from './command-failed.ts'
import { fileText } from './file-text.ts'

const Fields = z.record(z.string(), z.unknown())

/** The fields that a file describes. */
export type Fields = Readonly<z.infer<typeof Fields>>

/** JSON is YAML too. Warnings are left out: the service judges the definition. */
const parseYaml = (content: string, path: string): unknown => {
  try {
    return parse(content, { logLevel: 'error' })
  } catch (cause) {
    const reason = reasonOf(cause)
    throw new CommandFailed(
      {
        en: `${path} is not valid YAML or JSON: ${reason}`,
        zh: `${path} 不是有效的 YAML 或 JSON：${reason}`,
      },
      'FILE_INVALID',
    )
  }
}

/** Reads a file in YAML or JSON, or the standard input (`-`). Rejects with `CommandFailed`; `what` it should describe. */
export const readFields = async (
  path: string,
  what: Text,
  readInput: () => Promise<string>,
): Promise<Fields> => {
  const content = path === '-' ? await readInput() : fileText(path)
  const { data } = Fields.safeParse(parseYaml(content, path))
  if (data) return data
  throw new CommandFailed(
    {
      en: `${path} does not describe ${what.en}: it must be an object with its fields.`,
      zh: `${path} 没有描述${what.zh}：内容必须是带字段的对象。`,
    },
    'FILE_INVALID',
  )
}
