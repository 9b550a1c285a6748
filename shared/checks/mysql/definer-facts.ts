import * as z from 'zod'
import { orUnknown, someRows } from '../framework/answer.ts'
import type { Queries } from '../framework/question.ts'
import { ofDatabase, ofUsers, maxDatabases, mayEverywhere } from './table-facts.ts'

const asText = (sql: string): string => `CONVERT(${sql} USING utf8mb4) COLLATE utf8mb4_bin`

/**
 * Objects that run with the rights of their definer. Views and routines of SQL SECURITY INVOKER do not; triggers and
 * events always do. The server keeps the host of an account in small letters, here and in the definer. A role of
 * MariaDB has no host. Source: "Stored Object Access Control", MySQL manual.
 */
const definedObjects = `SELECT 'view' AS kind, table_schema AS db, table_name AS name, ${asText('definer')} AS definer
    FROM information_schema.VIEWS WHERE security_type = 'DEFINER'
  UNION ALL SELECT 'routine', routine_schema, routine_name, ${asText('definer')}
    FROM information_schema.ROUTINES WHERE security_type = 'DEFINER'
  UNION ALL SELECT 'trigger', trigger_schema, trigger_name, ${asText('definer')} FROM information_schema.TRIGGERS
  UNION ALL SELECT 'event', event_schema, event_name, ${asText('definer')} FROM information_schema.EVENTS`

const hasNoDefiner = `NOT EXISTS
    (SELECT 1 FROM mysql.user AS u WHERE ${asText("CONCAT(u.User, '@', u.Host)")} = d.definer)`

const existing = "(SELECT CONCAT(User, '@', Host) FROM mysql.user)"

/** What a person runs to see them, one by one. `database`: a string literal of SQL. */
export const listViews = (database: string): string =>
  `SELECT table_name, definer FROM information_schema.VIEWS WHERE table_schema = ${database} AND security_type = 'DEFINER' AND definer NOT IN ${existing};`

/** The same of routines, triggers and events. */
export const listPrograms = (database: string): string =>
  `SELECT p.name, p.definer FROM (SELECT routine_name AS name, definer FROM information_schema.ROUTINES WHERE routine_schema = ${database} AND security_type = 'DEFINER' UNION ALL SELECT trigger_name, definer FROM information_schema.TRIGGERS WHERE trigger_schema = ${database} UNION ALL SELECT event_name, definer FROM information_schema.EVENTS WHERE event_schema = ${database}) AS p WHERE p.definer NOT IN ${existing};`

/** A row for each database of users, and one without a name where there is none. */
export const definerQueries = {
  definers: {
    sql: `SELECT s.schema_name AS name, o.sees_all, COUNT(IF(d.kind = 'view', 1, NULL)) AS views_without_definer,
  MIN(IF(d.kind = 'view', d.definer, NULL)) AS definer_of_view,
  COUNT(IF(d.kind <> 'view', 1, NULL)) AS programs_without_definer,
  MIN(IF(d.kind <> 'view', d.definer, NULL)) AS definer_of_program
FROM (SELECT ${mayEverywhere('Select_priv', 'Trigger_priv', 'Event_priv')} AS sees_all) AS o
LEFT JOIN information_schema.SCHEMATA AS s ON ${ofUsers('s.schema_name')}
LEFT JOIN (SELECT d.* FROM (${definedObjects}) AS d WHERE ${hasNoDefiner}) AS d ON d.db = s.schema_name
GROUP BY s.schema_name, o.sees_all ORDER BY s.schema_name LIMIT ${maxDatabases}`,
    optional: true,
  },
} as const satisfies Queries

/** Null: the login may not read which accounts there are. */
export const DefinerRows = someRows({
  ...ofDatabase,
  views_without_definer: orUnknown(z.int()),
  definer_of_view: z.string().nullable(),
  programs_without_definer: orUnknown(z.int()),
  definer_of_program: z.string().nullable(),
}).nullable()
export type DefinerRow = NonNullable<z.output<typeof DefinerRows>>[number]
