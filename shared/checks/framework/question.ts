import type { Engine } from '../../model/engine.ts'
import type { InstanceDefinition } from '../../model/instance.ts'

/** One statement of a question. `optional`: where it alone has no answer (no right to run it, say), this part is null. */
export interface Query {
  readonly sql: string
  readonly optional?: true
}

/** Statements to run over one connection, in order, by the name of the part of the answer that each gives. */
export type Queries = Readonly<Record<string, Query>>

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
 * What a check item asks, and which probe answers. Databases answer with an object that holds an array of rows for
 * every query (null for an optional one that was refused), the HTTPS probe with one reach for every URL. What needs the
 * memory of the instance asks nobody: it is judged where results are collected.
 */
export type Question =
  | { readonly probe: Engine; readonly queries: Queries }
  | { readonly probe: 'https'; readonly endpoints: AskEndpoints }
  | { readonly probe: 'memory' }
