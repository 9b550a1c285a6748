import type { Acknowledgement } from '../../model/acknowledgement.ts'
import type { InstanceId } from '../../model/instance.ts'
import type { Page, PageRequest } from '../../model/page.ts'
import { documentsOf } from '../../ports/documents.ts'
import type { Instances } from '../../ports/instances.ts'
import { inForce } from './acknowledge-finding.ts'

interface Deps {
  readonly instances: Pick<Instances, 'list'>
  readonly now: () => Date
}

/** What is accepted for now of one instance. */
export interface Acknowledged {
  readonly instanceId: InstanceId
  /** Oldest first. */
  readonly acknowledgements: readonly Acknowledgement[]
}

/** A page of the instances with acknowledgements that are in force, in the order of their ids. */
export const listAcknowledged = async (
  { instances, now }: Deps,
  page: PageRequest,
): Promise<Page<Acknowledged>> => {
  const at = now()
  const { items, next } = documentsOf(
    await instances.list({ ...page, isWanted: (instance) => inForce(instance, at).length > 0 }),
  )
  return {
    items: items.map((instance) => ({
      instanceId: instance.id,
      acknowledgements: inForce(instance, at),
    })),
    next,
  }
}
