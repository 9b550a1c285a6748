import { signal } from '@preact/signals'

/** Where the reader is: what stands behind the # of the address, so that every view can be sent as a link. */
export interface Place {
  readonly path: readonly string[]
  readonly query: URLSearchParams
}

/** Whatever somebody types is a place: what is not encoded right is taken as it is. */
const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

const placeOf = (hash: string): Place => {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?')
  return { path: path.split('/').filter(Boolean).map(decoded), query: new URLSearchParams(query) }
}

/** The address of a place. */
export const linkTo = (path: readonly string[], query: Readonly<Record<string, string>> = {}): string => {
  const given = Object.entries(query).filter(([, value]) => value !== '')
  const text = new URLSearchParams(given).toString()
  return `#/${path.map(encodeURIComponent).join('/')}${text === '' ? '' : `?${text}`}`
}

export const place = signal<Place>(placeOf(location.hash))

addEventListener('hashchange', () => {
  place.value = placeOf(location.hash)
})

/** Changes what the reader has chosen on a page; going back does not undo each letter of a search. */
export const choose = (changes: Readonly<Record<string, string>>): void => {
  const { path, query } = place.value
  const link = linkTo(path.length === 0 ? ['fleet'] : path, { ...Object.fromEntries(query), ...changes })
  history.replaceState(history.state, '', link)
  place.value = placeOf(link)
}
