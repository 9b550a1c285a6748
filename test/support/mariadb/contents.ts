import type { MariaDb } from './instance.ts'

/** What a server holds, by name: the checksum of a table with its rows, `there` of what has none. */
export type Contents = Readonly<Record<string, string>>

const system = "('mysql', 'sys', 'information_schema', 'performance_schema')"

const names = `SELECT CONCAT('table ', table_schema, '.', table_name) FROM information_schema.tables
  WHERE table_type IN ('BASE TABLE', 'SYSTEM VERSIONED') AND table_schema NOT IN ${system}
UNION ALL SELECT CONCAT('view ', table_schema, '.', table_name) FROM information_schema.tables
  WHERE table_type = 'VIEW' AND table_schema NOT IN ${system}
UNION ALL SELECT CONCAT('trigger ', trigger_schema, '.', trigger_name) FROM information_schema.triggers
  WHERE trigger_schema NOT IN ${system}
UNION ALL SELECT CONCAT('routine ', routine_schema, '.', routine_name) FROM information_schema.routines
  WHERE routine_schema NOT IN ${system}
UNION ALL SELECT CONCAT('event ', event_schema, '.', event_name) FROM information_schema.events
ORDER BY 1;`

const checksumOf = (server: MariaDb, table: string): string => {
  try {
    return server
      .run(`SELECT COUNT(*) FROM ${table}; CHECKSUM TABLE ${table} EXTENDED;`)
      .replaceAll(/\s+/g, ' ')
  } catch {
    return 'unreadable'
  }
}

/** Everything of the users of a server, to be held against what a restored one has. */
export const contentsOf = (server: MariaDb): Contents =>
  Object.fromEntries(
    server
      .run(names)
      .split('\n')
      .filter((name) => name !== '')
      .map((name) => [name, name.startsWith('table ') ? checksumOf(server, name.slice(6)) : 'there']),
  )
