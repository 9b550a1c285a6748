import {
  type ClientRequest,
  type IncomingMessage,
  type RequestOptions,
  request as httpRequest,
} from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { TcpSocketConnectOpts } from 'node:net'
import { type WebhookRules, addressRefusal, urlRefusal } from '../../webhooks/model/address.ts'
import type { DeliveryFailure } from '../../webhooks/model/delivery.ts'
import type { WebhookAnswer, WebhookRequest, WebhookSender } from '../../webhooks/delivery/webhook-sender.ts'
import { CallFailed, causeOf, checkedAddresses, lookUp, pinned } from './checked-addresses.ts'
import { type CallOptions, verifying, withinLimit } from './receiver-call.ts'
import { parseRetryAfter } from './retry-after.ts'

/** Of an answer, bytes. The rest is not read: the status says enough, and the short answers of robots end long before. */
const maxBodyBytes = 64 * 1024

const failureOf = (fault: unknown): DeliveryFailure => {
  if (fault instanceof CallFailed) return fault.failure
  const cause = causeOf(fault)
  if (cause === 'HPE_HEADER_OVERFLOW')
    return { code: 'ANSWER_TOO_LARGE', detail: 'The headers of the answer are too long.' }
  if (cause.startsWith('HPE_')) return { code: 'ANSWER_REFUSED', detail: `The answer is not HTTP: ${cause}.` }
  return { code: 'UNREACHABLE', detail: `The connection failed: ${cause}.` }
}

/** Requests hand these to their sockets, as all options of sockets. */
type FamilySelection = Pick<TcpSocketConnectOpts, 'autoSelectFamily' | 'autoSelectFamilyAttemptTimeout'>

const readBody = async (response: IncomingMessage): Promise<string> => {
  const incoming: AsyncIterable<Buffer> = response
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of incoming) {
    chunks.push(chunk)
    length += chunk.length
    if (length >= maxBodyBytes) break
  }
  return Buffer.concat(chunks).subarray(0, maxBodyBytes).toString('utf8')
}

const readAnswer = async (response: IncomingMessage): Promise<WebhookAnswer> => {
  const status = response.statusCode ?? 0
  if (status >= 300 && status < 400)
    throw new CallFailed('REDIRECTED', `The receiver answered ${status}; redirects are not followed.`)
  const retryAfterMs = parseRetryAfter(response.headers['retry-after'], Date.now())
  return { status, body: await readBody(response), retryAfterMs }
}

/** Sends the body once the socket is connected, and to an address that is allowed. Nothing is written before. */
const exchange = (request: ClientRequest, body: string, rules: WebhookRules): Promise<WebhookAnswer> =>
  new Promise((resolve, reject) => {
    let isSecuring = false
    request.on('error', (fault) =>
      reject(
        isSecuring ? new CallFailed('TLS_FAILED', `The TLS handshake failed: ${causeOf(fault)}.`) : fault,
      ),
    )
    // Nobody asked for another protocol; the request hands its socket over and cares for it no more.
    request.once('upgrade', (_response, socket) => {
      socket.destroy()
      reject(new CallFailed('ANSWER_REFUSED', 'The receiver tried to switch the protocol.'))
    })
    request.once('response', (response) => resolve(readAnswer(response)))
    request.once('socket', (socket) => {
      socket.once('connect', () => {
        const refusal =
          socket.remoteAddress === undefined ? null : addressRefusal(socket.remoteAddress, rules)
        if (refusal !== null) return void request.destroy(new CallFailed('ADDRESS_REFUSED', refusal))
        isSecuring = request.protocol === 'https:'
        request.end(body)
      })
      socket.once('secureConnect', () => {
        isSecuring = false
      })
    })
  })

/**
 * Calls receivers over connections of their own. The name is looked up once, all its addresses are checked, and the
 * connection goes to one of those. The body of an answer is cut off after 64 KB, whatever its status. Proxies of the
 * environment are not used.
 */
export const webhookSender = (
  rules: WebhookRules,
  { lookup = lookUp, ca }: CallOptions = {},
): WebhookSender => {
  const tlsTo = verifying(ca)

  const call = async ({ url: text, headers, body, limitMs }: WebhookRequest, limit: AbortSignal) => {
    const refusal = urlRefusal(text, rules)
    if (refusal !== null) throw new CallFailed('ADDRESS_REFUSED', refusal)
    const url = new URL(text)
    const host = url.hostname.replaceAll(/^\[|\]$/g, '')
    const addresses = await checkedAddresses(host, rules, lookup)
    limit.throwIfAborted()
    const options: RequestOptions & FamilySelection = {
      method: 'POST',
      host,
      port: url.port,
      path: url.pathname + url.search,
      headers,
      lookup: pinned(addresses),
      agent: false,
      signal: limit,
      autoSelectFamily: true,
      // Every address gets its share of the time, and the answer one.
      autoSelectFamilyAttemptTimeout: Math.ceil(limitMs / (addresses.length + 1)),
    }
    if (url.protocol === 'http:') return exchange(httpRequest(options), body, rules)
    return exchange(httpsRequest({ ...options, ...tlsTo(host) }), body, rules)
  }

  return async (request) => {
    const late = `There was no complete answer within ${request.limitMs} ms.`
    try {
      return await withinLimit(request.limitMs, late, (limit) => call(request, limit))
    } catch (fault) {
      return { failure: failureOf(fault) }
    }
  }
}
