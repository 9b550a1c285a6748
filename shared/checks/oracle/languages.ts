import type { ScriptLanguage } from '../framework/script-language.ts'

/**
 * "Using Substitution Variables" and "Notes on Placing Comments in Scripts", SQL*Plus user's guide: `&` asks for a
 * value wherever it stands, and a hyphen at the end of a line joins the next one to it.
 */
export const sqlplus: ScriptLanguage = { name: 'sqlplus', client: 'SQL*Plus', hazard: /&|-\s*$/ }

/** "Using Substitution Variables in Command Files", RMAN user's guide. */
export const rman: ScriptLanguage = { name: 'rman', client: 'RMAN', hazard: /&/ }
