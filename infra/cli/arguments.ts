import { userInfo } from 'node:os'
import { parseArgs } from 'node:util'
import * as z from 'zod'

/** A command line that cannot be understood; its message says what is wrong. */
export class UsageWrong extends Error {}

/** An argument that must be there; `what` names it. */
export const required = (value: string | undefined, what: string): string => {
  if (value === undefined) throw new UsageWrong(`${what} is missing.`)
  return value
}

/** Parts a command line into what stands alone and what has a name. */
export const readArguments = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        file: { type: 'string', short: 'f' },
        database: { type: 'string' },
        reason: { type: 'string' },
        until: { type: 'string' },
        author: { type: 'string' },
        tag: { type: 'string', multiple: true, default: [] },
        engine: { type: 'string' },
        region: { type: 'string' },
        output: { type: 'string', short: 'o', default: 'text' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
  } catch (cause) {
    throw new UsageWrong(cause instanceof Error ? cause.message : '')
  }
}

const DayOrTime = z.union([z.iso.date(), z.iso.datetime({ offset: true })])

/** A day (its beginning, UTC) or a time with its zone, as the API takes times. */
export const readTime = (text: string, name: string): string => {
  const time = DayOrTime.safeParse(text)
  if (!time.success) throw new UsageWrong(`${name} takes a day or a time with its zone, not "${text}".`)
  return new Date(time.data).toISOString()
}

/** Tags as `key:value` each, the value up to the end. */
export const readTags = (texts: readonly string[]): Readonly<Record<string, string>> => {
  const tags = new Map<string, string>()
  for (const text of texts) {
    const [key = '', ...value] = text.split(':')
    if (key === '' || value.length === 0) throw new UsageWrong(`--tag takes key:value, not "${text}".`)
    if (tags.has(key)) throw new UsageWrong(`--tag gives ${key} twice, and an instance has it once.`)
    tags.set(key, value.join(':'))
  }
  return Object.fromEntries(tags)
}

/** The name of the user on this system, where it has one. */
export const systemUser = (): string | undefined => {
  try {
    return userInfo().username
  } catch {
    return undefined
  }
}
