import type { Engine } from '../model/engine.ts'
import type { Instance } from '../model/instance.ts'
import type { Page, PageRequest } from '../model/page.ts'
import type { Schedule } from '../model/schedule.ts'

/** Narrows a list of instances; every tag must match by key and value. */
export interface InstanceFilter {
  readonly engine?: Engine
  readonly region?: string
  readonly enabled?: boolean
  readonly tags?: Readonly<Record<string, string>>
}

/** True for an instance that a filter lets through. */
export const isWanted = (filter: InstanceFilter, { definition }: Instance): boolean =>
  (filter.engine === undefined || definition.engine === filter.engine) &&
  (filter.region === undefined || definition.region === filter.region) &&
  (filter.enabled === undefined || definition.enabled === filter.enabled) &&
  Object.entries(filter.tags ?? {}).every(([key, value]) => definition.tags[key] === value)

/** What of an instance decides when its nightly precheck is due. */
export interface ScheduledInstance {
  readonly id: string
  readonly region: string
  readonly schedule: Schedule
}

/** Keeps the registered instances. A resolved write is durable. */
export interface Instances {
  readonly get: (instanceId: string) => Promise<Instance | null>
  /** Writes an instance if the stored one is still at `revision` (0: there is none); tells whether it did. */
  readonly put: (instance: Instance, revision: number) => Promise<boolean>
  /** Removes an instance; tells whether there was one. Its results stay. */
  readonly remove: (instanceId: string) => Promise<boolean>
  /** Instances in the order of their ids. */
  readonly list: (filter: InstanceFilter, page: PageRequest) => Promise<Page<Instance>>
  /** The schedules of all that are enabled, in the order of their ids, without reading the rest of them. */
  readonly listSchedules: (page: PageRequest) => Promise<Page<ScheduledInstance>>
}
