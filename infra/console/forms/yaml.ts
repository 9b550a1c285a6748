import type { Json } from '../../forms/fields.ts'

/** Words that YAML 1.1 or 1.2 would take for something else than a text. */
const otherwise = /^(?:true|false|yes|no|on|off|null)$/i

/** A text as it stands where every reader takes it for a text; else in quotes as those of JSON, which is YAML too. */
const scalar = (value: string | number | boolean | null): string =>
  typeof value === 'string' && /^[A-Za-z]{2}[\w./-]*$/.test(value) && !otherwise.test(value)
    ? value
    : JSON.stringify(value)

const linesOf = (value: Json, indent: string): string => {
  if (typeof value !== 'object' || value === null) return ` ${scalar(value)}\n`
  if (Array.isArray(value)) {
    if (value.length === 0) return ' []\n'
    return `\n${value.map((item: Json) => `${indent}-${linesOf(item, `${indent}  `)}`).join('')}`
  }
  const members = Object.entries(value)
  if (members.length === 0) return ' {}\n'
  return `\n${members.map(([name, inside]) => `${indent}${scalar(name)}:${linesOf(inside, `${indent}  `)}`).join('')}`
}

/** A document in YAML. A parser of it would be larger than the console; to write it is this. */
export const yamlOf = (document: Json): string => linesOf(document, '').trimStart()
