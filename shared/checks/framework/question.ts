import type { Engine } from '../../model/engine.ts'
import type { InstanceDefinition } from '../../model/instance.ts'

/** One statement of a question. `optional`: where it alone has no answer (no right to run it, say), this part is null. */
export interface Query {
  readonly sql: string
  readonly optional?: true
}

/**
 * Statements to run over one connection, in order, by the name of the part of the answer that each gives. No part is
 * called `refusals`: there an answer says why optional ones are null.
 */
export type Queries = Readonly<Record<string, Query>> & { readonly refusals?: never }

/** Where the connectivity items look: the settings of the service, `{region}` being the instance's region. */
export interface EndpointSettings {
  readonly oss: string
  readonly service: readonly string[]
}

/** HTTPS endpoints to reach. */
export interface Endpoints {
  readonly urls: readonly string[]
  /** Certificates in PEM, trusted beside the public authorities. */
  readonly ca?: string
}

/**
 * The endpoints of an instance: those of the settings, or what its registration says instead; null where it needs none,
 * so that the item does not apply.
 */
export type AskEndpoints = (definition: InstanceDefinition, settings: EndpointSettings) => Endpoints | null

/**
 * A part of what one command on the ECS host looks at. `volumes`: room on the volumes of these folders and on that of
 * the system; `client`: the services of the Cloud Backup client; `writers`: SQL Writer and its VSS writer; `clock`: the
 * time of the host and what the first of the endpoints that answers says it is.
 */
export type HostAsk =
  | { readonly part: 'volumes'; readonly paths: readonly string[] }
  | { readonly part: 'client' }
  | { readonly part: 'writers' }
  | ({ readonly part: 'clock' } & Endpoints)

/** What is asked of the host of an instance; null where the item does not apply to it. */
export type AskHost = (
  host: NonNullable<InstanceDefinition['host']>,
  definition: InstanceDefinition,
  settings: EndpointSettings,
) => HostAsk | null

/**
 * What a check item asks, and which probe answers. Databases answer with an object that holds an array of rows for
 * every query (null for an optional one that was refused, and in `refusals` why), the HTTPS probe with one reach for
 * every URL, the ECS host with the facts of its part (`host-facts.ts`). What needs the memory of the instance asks
 * nobody: it is judged where results are collected.
 */
export type Question =
  | { readonly probe: Engine; readonly queries: Queries }
  | { readonly probe: 'https'; readonly endpoints: AskEndpoints }
  | { readonly probe: 'host'; readonly ask: AskHost }
  | { readonly probe: 'memory' }

/** Statements of a question; none where it asks no database. */
export const queriesOf = (question: Question): Queries => ('queries' in question ? question.queries : {})
