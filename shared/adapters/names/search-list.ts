import { wordsOfLines } from './system-file.ts'

/** What resolv.conf(5) says of names that are not whole. */
export interface SearchList {
  readonly domains: readonly string[]
  /** A name with so many dots is asked for as it is first. */
  readonly dots: number
}

const maxDots = 15

const dotsOf = (options: readonly string[]): number => {
  const found = options
    .map((option) => /^ndots:(\d+)$/.exec(option)?.[1])
    .findLast((dots) => dots !== undefined)
  return Math.min(maxDots, Number(found ?? 1))
}

/** The search list of a resolv.conf; of several, the last one counts. */
export const searchListIn = (text: string): SearchList => {
  const lines = wordsOfLines(text)
  const [, ...domains] = lines.findLast(([key]) => key === 'search' || key === 'domain') ?? []
  const options = lines.flatMap(([key, ...rest]) => (key === 'options' ? rest : []))
  return {
    domains: domains.map((domain) => domain.replace(/\.$/, '')).filter((domain) => domain !== ''),
    dots: dotsOf(options),
  }
}

/** The whole names that a name may stand for, in the order in which they are asked for. */
export const wholeNames = (name: string, { domains, dots }: SearchList): readonly string[] => {
  if (name.endsWith('.')) return [name]
  const searched = domains.map((domain) => `${name}.${domain}`)
  return name.split('.').length > dots ? [name, ...searched] : [...searched, name]
}
