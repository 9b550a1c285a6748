import { instanceProtectionOf } from '../../model/instance-protection.ts'
import type { CompletedPrecheck } from '../../model/precheck.ts'
import type { Protections } from '../../ports/protections.ts'

/**
 * Keeps what the fleet is told of a precheck, unless something younger is kept. To be called before the end of the
 * precheck is written, since nobody would do it after a crash. May be repeated.
 */
export const keepProtection = async (
  protections: Pick<Protections, 'update'>,
  precheck: CompletedPrecheck,
): Promise<void> => {
  const own = instanceProtectionOf(precheck)
  if (!own) return
  await protections.update(own.instanceId, (known) =>
    known && Date.parse(known.asOf) > Date.parse(own.asOf) ? { value: null } : { put: own, value: null },
  )
}
