import { isIP } from 'node:net'
import { wordsOfLines } from './system-file.ts'

/** The addresses of each name in a hosts file (hosts(5)), in its order; names in small letters. */
export const hostsIn = (text: string): ReadonlyMap<string, readonly string[]> => {
  const hosts = new Map<string, string[]>()
  for (const [address = '', ...names] of wordsOfLines(text)) {
    if (isIP(address) === 0) continue
    for (const name of names.map((each) => each.toLowerCase())) {
      hosts.set(name, [...(hosts.get(name) ?? []), address])
    }
  }
  return hosts
}
