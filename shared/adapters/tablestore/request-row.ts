import type { Creation, RepeatableRequest } from '../../ports/results.ts'
import { noRow } from './conditions.ts'
import { tables } from './tables.ts'
import type { TablestoreClient } from './tablestore-client.ts'

/** A request that came before. */
type Repeat = Extract<Creation, { readonly kind: 'repeated' | 'key-reused' }>

/** What becomes of a request whose key was used before, by which precheck and for what. */
export const repeatOf = (
  { requestHash }: RepeatableRequest,
  precheckId: string,
  usedFor: string,
): Repeat => ({ kind: requestHash === usedFor ? 'repeated' : 'key-reused', precheckId })

const keyOf = (instanceId: string, { key }: RepeatableRequest) => ({
  instance_id: instanceId,
  idempotency_key: key,
})

/** What became of a request when it came first; null if it comes first now. */
export const findRepeated = async (
  client: TablestoreClient,
  instanceId: string,
  request: RepeatableRequest,
): Promise<Repeat | null> => {
  const row = await client.getRow(tables.requests, keyOf(instanceId, request))
  return row && repeatOf(request, String(row['precheck_id']), String(row['request_hash']))
}

/** Notes by which precheck a request was met, unless another one has; then tells that one. */
export const noteRequest = async (
  client: TablestoreClient,
  { id, instanceId }: { readonly id: string; readonly instanceId: string },
  request: RepeatableRequest,
): Promise<Repeat | null> => {
  const outcome = await client.writeRow({
    kind: 'put',
    table: tables.requests,
    key: keyOf(instanceId, request),
    columns: { precheck_id: id, request_hash: request.requestHash },
    condition: noRow,
  })
  if (outcome === 'written') return null
  const known = await findRepeated(client, instanceId, request)
  return known?.precheckId === id ? null : known
}
