import type { ScriptLanguage } from '../framework/script-language.ts'

/** "Use sqlcmd with scripting variables", SQL Server manual: `$(name)` is replaced wherever it stands. */
export const tsql: ScriptLanguage = { name: 'tsql', client: 'sqlcmd', hazard: /\$\(/ }
