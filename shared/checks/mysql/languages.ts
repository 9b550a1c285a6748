import type { ScriptLanguage } from '../framework/script-language.ts'

/** "mysql Client Commands", MySQL reference manual: a backslash begins a command of the client, `\!` one of the shell. */
export const mysqlClient: ScriptLanguage = { name: 'mysql', client: 'mysql', hazard: /\\/ }
