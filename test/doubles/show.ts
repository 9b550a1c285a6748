import { inspect } from 'node:util'
import { type Difference, infiniteName, isAsymmetricMatcher, isLong } from './match.ts'

/** Prints as the given text, without quotes. */
const verbatim = (text: string) => ({ [inspect.custom]: () => text })

/** What the SDKs hide in buffers and classes without a name, made readable. */
const readable = (value: unknown): unknown => {
  const name = infiniteName(value)
  if (name) return verbatim(name)
  if (isLong(value)) return verbatim(`Long ${String(value)}`)
  if (isAsymmetricMatcher(value)) return verbatim(`${value.toString()}(${show(value.sample)})`)
  if (Array.isArray(value)) return value.map(readable)
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Uint8Array || value instanceof Date || value instanceof Error) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, readable(member)]))
}

export const show = (value: unknown): string =>
  inspect(readable(value), { depth: 8, breakLength: 100, maxStringLength: 200 })

/** `putRow({ tableName: 'prechecks' })` */
export const showCall = (method: string, args: readonly unknown[]): string =>
  `${method}(${args.map(show).join(', ')})`

/** `[0].tableName is 'prechecks', not 'instances'` */
export const showDifference = ({ path, expected, actual }: Difference): string =>
  `${path} is ${show(actual)}, not ${show(expected)}`

/** Numbered lines, those of several lines kept together. */
export const showList = (items: readonly string[]): string =>
  items.map((item, index) => `  ${index + 1}. ${item.replaceAll('\n', '\n     ')}`).join('\n')
