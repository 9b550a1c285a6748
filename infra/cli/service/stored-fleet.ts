import * as z from 'zod'
import { Instance } from '../../../shared/model/instance.ts'
import { Policy } from '../../../shared/model/policy.ts'
import { Webhook } from '../../../shared/webhooks/model/webhook.ts'
import { type Kind, type Stored, webhookName } from '../fleet/kinds.ts'
import { type Access, send } from './client.ts'

const InstancePage = z.object({ items: z.array(Instance), next: z.string().nullable() })

/** All registered instances, in the order of their ids. */
export const readInstances = async (access: Access): Promise<Instance[]> => {
  const found: Instance[] = []
  for (let after: string | null = ''; after !== null;) {
    const path: string = `/v1/instances?limit=200${after === '' ? '' : `&after=${encodeURIComponent(after)}`}`
    const page: z.infer<typeof InstancePage> = await send(access, { method: 'GET', path }, InstancePage)
    found.push(...page.items)
    after = page.next
  }
  return found
}

const readList = async <Item extends z.ZodType>(
  access: Access,
  path: string,
  item: Item,
): Promise<z.output<Item>[]> =>
  (await send(access, { method: 'GET', path }, z.object({ items: z.array(item) }))).items

/** Where something of a kind is in the API, by its id or name. */
export const addressOf = (kind: Kind, id: string): string =>
  `/v1/${{ policy: 'policies', instance: 'instances', webhook: 'webhooks' }[kind]}/${encodeURIComponent(id)}`

/** What the service has of each kind. */
const readers: Readonly<Record<Kind, (access: Access) => Promise<Stored[]>>> = {
  policy: async (access) =>
    (await readList(access, '/v1/policies', Policy)).map(({ name, revision, definition }) => ({
      kind: 'policy',
      name,
      path: addressOf('policy', name),
      revision,
      definition,
    })),
  instance: async (access) =>
    (await readInstances(access)).map(({ id, revision, definition }) => ({
      kind: 'instance',
      name: id,
      path: addressOf('instance', id),
      revision,
      definition,
    })),
  webhook: async (access) =>
    (await readList(access, '/v1/webhooks', Webhook)).map(({ id, revision, definition }) => ({
      kind: 'webhook',
      name: webhookName(definition),
      path: addressOf('webhook', id),
      revision,
      definition,
    })),
}

/** What the service has of some kinds. Rejects with `CommandFailed`. */
export const readStored = async (access: Access, wanted: Iterable<Kind>): Promise<Stored[]> => {
  const found: Stored[] = []
  for (const kind of wanted) found.push(...(await readers[kind](access)))
  return found
}
