import * as z from 'zod'
import { CheckItemId } from './finding.ts'

/**
 * What check items ask of a server: `essential` are the ones of Cloud Backup, `standard` reads quickly with ordinary
 * rights, `deep` is slow or writes something. Each set contains the ones before it.
 */
export const CheckSet = z.enum(['essential', 'standard', 'deep'])
export type CheckSet = z.infer<typeof CheckSet>

const Items = z.array(CheckItemId).min(1).max(100)

/** Which check items a full precheck of an instance has: a set, those in `include` beside it, and none in `exclude`. */
export const CheckSelection = z.strictObject({
  set: CheckSet.default('standard').describe(
    'essential: those of Cloud Backup; standard: reads quickly with ordinary rights; deep: slow.',
  ),
  include: Items.optional().describe('Check items beside the set.'),
  exclude: Items.optional().describe('Check items that are left out.'),
})
export type CheckSelection = Readonly<z.infer<typeof CheckSelection>>

/** Of instances that were registered before there were sets, until their owner says otherwise. */
const essentialOnly: CheckSelection = { set: 'essential' }

/** Tells whether a full precheck has a check item. */
export const isSelected = (
  { id, set }: { readonly id: CheckItemId; readonly set: CheckSet },
  { set: chosen, include = [], exclude = [] }: CheckSelection = essentialOnly,
): boolean => {
  if (exclude.includes(id)) return false
  return include.includes(id) || CheckSet.options.indexOf(set) <= CheckSet.options.indexOf(chosen)
}
