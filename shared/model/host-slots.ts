import * as z from 'zod'
import { Deadline } from './deadline.ts'
import type { InstanceDefinition } from './instance.ts'
import { PrecheckId } from './precheck.ts'

/** A precheck of a sweep that may run on a host until its deadline, and no longer. */
export const SlotHolder = z.strictObject({ precheckId: PrecheckId, ...Deadline })
export type SlotHolder = Readonly<z.infer<typeof SlotHolder>>

/** The slots of a host that were taken, by prechecks that run or have ended since. */
export const HostSlots = z.strictObject({ id: z.string(), holders: z.array(SlotHolder) })
export type HostSlots = Readonly<z.infer<typeof HostSlots>>

/** How many prechecks of sweeps may run on one host at a time. */
export interface HostLimit {
  /** 0: as many as come. */
  readonly perHost: number
  /** The tag whose value names the host of an instance, where the address does not; null: addresses alone do. */
  readonly tag: string | null
}

/** What instances share that are limited together. `id`: of its slots; `name`: as its owner knows it. */
export interface SharedHost {
  readonly id: string
  readonly name: string
}

/** The host of an instance: the value of the tag, else the address, whatever the port. */
export const sharedHostOf = (
  { tags, connection }: Pick<InstanceDefinition, 'tags' | 'connection'>,
  { tag }: HostLimit,
): SharedHost => {
  const value = tag === null ? undefined : tags[tag]
  if (value) return { id: `tag.${value}`, name: value }
  const name = connection.host.toLowerCase()
  return { id: `host.${name}`, name }
}
