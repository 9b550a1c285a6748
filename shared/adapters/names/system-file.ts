import { readFileSync, statSync } from 'node:fs'

/** What a file of the system says by now; `parse` sees '' where there is none. Read again only after it has changed. */
export const systemFile = <Content>(path: string, parse: (text: string) => Content): (() => Content) => {
  let version = ''
  let content = parse('')

  const versionNow = (): string => {
    const stat = statSync(path, { throwIfNoEntry: false })
    return stat ? `${stat.ino} ${stat.mtimeMs} ${stat.size}` : ''
  }

  // Synchronous, since a short file of the system is there at once, while the pool of threads may be busy.
  return () => {
    const found = versionNow()
    if (found === version) return content
    content = parse(found === '' ? '' : readFileSync(path, 'utf8'))
    version = found
    return content
  }
}

/** The lines of such a file as words, without comments. */
export const wordsOfLines = (text: string): readonly (readonly string[])[] =>
  text.split('\n').map((line) => (/^[^#;]*/.exec(line)?.[0] ?? '').split(/\s+/).filter((word) => word !== ''))
