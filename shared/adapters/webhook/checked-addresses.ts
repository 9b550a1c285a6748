import { type LookupFunction, isIP } from 'node:net'
import { type WebhookRules, addressRefusal } from '../../webhooks/model/address.ts'
import type { DeliveryFailure } from '../../webhooks/model/delivery.ts'
import { addressesOf } from '../names/name-lookup.ts'

/** All addresses of a name, as text. Rejects with the code of the fault when there are none. */
export type NameLookup = (name: string) => Promise<readonly string[]>

/** A name with very many addresses shall not make the service knock at all of them. */
const maxAddresses = 4

/** Why a call came to no answer. */
export class CallFailed extends Error {
  readonly failure: DeliveryFailure

  constructor(code: DeliveryFailure['code'], detail: string) {
    super(detail)
    this.failure = { code, detail }
  }
}

/** Codes alone: messages of faults may quote addresses and what receivers say. */
export const causeOf = (fault: unknown): string =>
  fault instanceof Error && 'code' in fault && typeof fault.code === 'string' ? fault.code : 'unknown cause'

/** Looks a name up as this machine is configured. */
export const lookUp: NameLookup = async (name) => (await addressesOf(name)).map(({ address }) => address)

/** The addresses of a host, each of them checked: one that is refused refuses the host. */
export const checkedAddresses = async (
  host: string,
  rules: WebhookRules,
  lookup: NameLookup,
): Promise<readonly string[]> => {
  const addresses =
    isIP(host) === 0
      ? await lookup(host).catch((fault: unknown) => {
          throw new CallFailed(
            'NAME_NOT_FOUND',
            `The host name ${host} cannot be resolved: ${causeOf(fault)}.`,
          )
        })
      : [host]
  if (addresses.length === 0) throw new CallFailed('NAME_NOT_FOUND', `The host name ${host} has no address.`)
  for (const address of addresses) {
    const refusal = addressRefusal(address, rules)
    if (refusal !== null) throw new CallFailed('ADDRESS_REFUSED', refusal)
  }
  return addresses.slice(0, maxAddresses)
}

/** Gives the socket the checked addresses, whatever the name servers say by now. */
export const pinned =
  (addresses: readonly string[]): LookupFunction =>
  (_name, _options, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: isIP(address) })),
    )
