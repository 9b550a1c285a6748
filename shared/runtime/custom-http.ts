import type { IncomingMessage } from 'node:http'
import type { ServedFunction } from './custom-runtime.ts'
import type { HttpFunction } from './http-chain.ts'
import { requestOf } from './http-request.ts'

/** What the platform adds is not the caller's, and some of it is secret. */
const ofCaller = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('x-fc-')))

/** The caller's address, where the platform tells it; '' else. */
const addressOf = ({ headers }: IncomingMessage): string => {
  const address = headers['x-fc-client-ip']
  return typeof address === 'string' ? address : ''
}

/** An API as a custom runtime serves it: its HTTP trigger passes requests on as they are. */
export const passedOn =
  (api: HttpFunction): NonNullable<ServedFunction['request']> =>
  (incoming, context) => {
    const request = requestOf(incoming, null, context.requestId)
    return api({ ...request, headers: ofCaller(request.headers), address: addressOf(incoming) }, context)
  }
