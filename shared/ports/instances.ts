import * as z from 'zod'
import type { Engine } from '../model/engine.ts'
import { Instance, InstanceId } from '../model/instance.ts'
import type { Page, PageRequest } from '../model/page.ts'
import { Schedule } from '../model/schedule.ts'
import type { InstanceHead } from '../model/standing.ts'
import type { DocumentKind, Documents } from './documents.ts'

/** The registered instances by their ids. */
export const instanceKind: DocumentKind<Instance> = {
  table: 'instances',
  keyColumns: ['instance_id'],
  schema: Instance,
  order: 'ascending',
}

/** Narrows a list of instances; every tag must match by key and value. */
export interface InstanceFilter {
  readonly engine?: Engine
  readonly region?: string
  readonly enabled?: boolean
  readonly tags?: Readonly<Record<string, string>>
}

/** What filters look at. */
interface Filtered {
  readonly definition: Pick<Instance['definition'], 'engine' | 'region' | 'enabled' | 'tags'>
}

/** Tells which instances a filter lets through; undefined for one that lets all through. */
export const wantedBy = (filter: InstanceFilter): ((instance: Filtered) => boolean) | undefined => {
  const { engine, region, enabled } = filter
  const tags = Object.entries(filter.tags ?? {})
  const isFilter = [engine, region, enabled].some((wanted) => wanted !== undefined) || tags.length > 0
  if (!isFilter) return undefined
  return ({ definition }) =>
    (engine === undefined || definition.engine === engine) &&
    (region === undefined || definition.region === region) &&
    (enabled === undefined || definition.enabled === enabled) &&
    tags.every(([key, value]) => definition.tags[key] === value)
}

/** What of an instance decides when its nightly precheck is due. */
export const ScheduledInstance = z.strictObject({ id: InstanceId, region: z.string(), schedule: Schedule })
export type ScheduledInstance = Readonly<z.infer<typeof ScheduledInstance>>

/** Keeps the registered instances. */
export interface Instances extends Documents<Instance> {
  /** The schedules of all that are enabled, in the order of their ids, without reading the rest of them. */
  readonly listSchedules: (page: PageRequest) => Promise<Page<ScheduledInstance>>
  /** What the fleet shows of all, in the order of their ids, without reading the rest of them. */
  readonly listHeads: (page: PageRequest) => Promise<Page<InstanceHead>>
}
