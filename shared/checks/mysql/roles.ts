import type { Text } from '../../model/message.ts'
import type { Source } from './replication-facts.ts'

/** The part that a server plays in replication: a replica has the contents of another, which it may be behind of. */
export const roleWords = {
  standalone: { en: 'no replica', zh: '非副本' },
  replica: { en: 'replica', zh: '副本' },
  unknown: { en: 'unknown', zh: '未知' },
} as const satisfies Readonly<Record<string, Text>>
export type Role = keyof typeof roleWords

/** The role of a server by the sources that it follows; null: they could not be read. */
export const roleOf = (sources: readonly Source[] | null): Role => {
  if (sources === null) return 'unknown'
  return sources.length > 0 ? 'replica' : 'standalone'
}
