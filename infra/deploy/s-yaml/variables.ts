/** What `${env(...)}` and `${vars....}` of a file of Serverless Devs stand for. */
interface Values {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly vars: unknown
}

/** A reference that stands for nothing; Serverless Devs stops at it too. */
export class VariableUnknown extends Error {
  override readonly name = 'VariableUnknown'
}

/**
 * `${env('NAME')}`, `${env('NAME', 'default')}`, `${vars.name}` or `${vars.name.of.its}`: all that our file uses.
 * Braces without `$` are ours.
 */
const reference =
  /\$\{(?:env\('(?<variable>\w+)'(?:, '(?<otherwise>[^']*)')?\)|vars\.(?<name>[\w.]+)|[^}]*)\}/g

const memberOf = (node: unknown, name: string): unknown =>
  typeof node === 'object' && node !== null ? Reflect.get(node, name) : undefined

const valueOf = (groups: Readonly<Record<string, string | undefined>>, values: Values): unknown => {
  const { variable, otherwise, name } = groups
  if (variable !== undefined) return values.environment[variable] ?? otherwise
  return name?.split('.').reduce(memberOf, values.vars)
}

const inText = (written: string, value: unknown): string => {
  if (typeof value === 'string' || typeof value === 'boolean') return String(value)
  throw new VariableUnknown(`${written} stands for more than a text.`)
}

/** A text that is one reference takes its value as it is, so that `true` stays a boolean. */
const resolveText = (text: string, values: Values): unknown => {
  const found = [...text.matchAll(reference)].map((match) => {
    const value = valueOf(match.groups ?? {}, values)
    if (value === undefined) throw new VariableUnknown(`${match[0]} stands for nothing.`)
    return { written: match[0], value }
  })
  const [only] = found
  if (only?.written === text) return only.value
  return found.reduce(
    (resolved, { written, value }) => resolved.replace(written, () => inText(written, value)),
    text,
  )
}

/** Puts in what the references in a document stand for. Throws `VariableUnknown`. */
export const resolve = (node: unknown, values: Values): unknown => {
  if (typeof node === 'string') return resolveText(node, values)
  if (Array.isArray(node)) return node.map((entry: unknown) => resolve(entry, values))
  if (typeof node !== 'object' || node === null) return node
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, resolve(value, values)]))
}
