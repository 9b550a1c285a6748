import { ascending } from '../../model/ascending.ts'
import { createHash } from 'node:crypto'
import {
  DatabaseIdentity,
  type Identities,
  type InstanceIdentity,
  maxIdentified,
} from '../../model/identity.ts'

/** What an item saw of an instance and its databases. */
interface Seen extends Pick<Identities, 'type' | 'isWhole'> {
  readonly instance: Partial<InstanceIdentity>
  readonly databases: readonly DatabaseIdentity[]
}

/** The identities that an item gives: those of the databases one by one where they are not too many. */
export const identitiesOf = ({ instance, databases, ...about }: Seen): Identities => {
  // What no engine has in these columns identifies nothing.
  const known = databases.filter((each) => DatabaseIdentity.safeParse(each).success)
  const inOrder = known.toSorted(([one], [other]) => ascending(one, other))
  const text = inOrder.map(([name, origin, fork]) => JSON.stringify([name, origin, fork])).join('')
  return {
    ...about,
    instance: { name: null, id: null, fork: null, ...instance },
    count: inOrder.length,
    hash: createHash('sha256').update(text).digest('hex').slice(0, 16),
    databases: inOrder.length > maxIdentified ? [] : inOrder.map(([...identity]) => identity),
  }
}
