import type { Engine } from '../model/engine.ts'
import type { Instance } from '../model/instance.ts'
import type { Page, PageRequest } from '../model/page.ts'

/** Narrows a list of instances; a tag matches by key and value. */
export interface InstanceFilter {
  readonly engine?: Engine
  readonly region?: string
  readonly enabled?: boolean
  readonly tag?: { readonly key: string; readonly value: string }
}

/** True for an instance that a filter lets through. */
export const isWanted = (filter: InstanceFilter, { definition }: Instance): boolean =>
  (filter.engine === undefined || definition.engine === filter.engine) &&
  (filter.region === undefined || definition.region === filter.region) &&
  (filter.enabled === undefined || definition.enabled === filter.enabled) &&
  (filter.tag === undefined || definition.tags[filter.tag.key] === filter.tag.value)

/** Keeps the registered instances. A resolved write is durable. */
export interface Instances {
  readonly get: (instanceId: string) => Promise<Instance | null>
  /** Writes an instance if the stored one is still at `revision` (0: there is none); tells whether it did. */
  readonly put: (instance: Instance, revision: number) => Promise<boolean>
  /** Removes an instance; tells whether there was one. Its results stay. */
  readonly remove: (instanceId: string) => Promise<boolean>
  /** Instances in the order of their ids. */
  readonly list: (filter: InstanceFilter, page: PageRequest) => Promise<Page<Instance>>
}
