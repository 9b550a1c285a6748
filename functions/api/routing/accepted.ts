/** What a caller says of media types. `quality`: from 0, not at all, to 1. */
interface Preference {
  readonly range: string
  readonly quality: number
}

const preferencesOf = (accept: string): Preference[] =>
  accept.split(',').map((part) => {
    const [range = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase())
    const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice('q='.length)
    return { range, quality: quality === undefined ? 1 : Number(quality) || 0 }
  })

/** How closely a range names a type; 0: not at all. */
const closenessOf = (range: string, type: string): number => {
  if (range === type) return 3
  if (range === `${type.split('/')[0]}/*`) return 2
  return range === '*/*' ? 1 : 0
}

const qualityOf = (preferences: readonly Preference[], type: string): number => {
  const naming = preferences.filter(({ range }) => closenessOf(range, type) > 0)
  const closest = naming.toSorted(
    (one, other) => closenessOf(other.range, type) - closenessOf(one.range, type),
  )
  return closest[0]?.quality ?? 0
}

/**
 * The media type that a caller likes best (RFC 9110, 12.5.1), of two that it likes alike the former. The first where it
 * takes none of them: who asks for something else still reads JSON rather than nothing.
 */
export const acceptedOf = (accept: string | undefined, types: readonly [string, ...string[]]): string => {
  const preferences = preferencesOf(accept ?? '*/*')
  const [first] = types
  return types.reduce(
    (best, type) => (qualityOf(preferences, type) > qualityOf(preferences, best) ? type : best),
    first,
  )
}
