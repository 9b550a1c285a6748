import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { Refusal as OpenApiRefusal } from '../openapi/refusal.ts'
import { Refusal } from './refusal.ts'
import { type Content, toXml } from './xml.ts'

/** An answer before it is written: XML of the queue interface, JSON of the OpenAPI, or nothing. */
export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly document?: readonly [root: string, content: Content]
  readonly json?: object
}

/** Which of the two interfaces a request speaks to. */
export type Dialect = 'xml' | 'json'

const refusalOf = (fault: unknown): { status: number; code: string; message: string } =>
  fault instanceof Refusal || fault instanceof OpenApiRefusal ? fault : new Refusal('InternalError')

/** Words a refusal; whatever is none is an internal error. */
export const refused = (fault: unknown, dialect: Dialect, host: string): Answer => {
  const { status, code, message } = refusalOf(fault)
  if (dialect === 'json') return { status, json: { HostId: host, Code: code, Message: message } }
  const content: Content = [
    ['Code', code],
    ['Message', message],
    ['RequestId', randomUUID()],
    ['HostId', host],
  ]
  return { status, document: ['Error', content] }
}

/** Writes an answer to the wire. */
export const write = (response: ServerResponse, { status, headers, document, json }: Answer): void => {
  const requestId = randomUUID()
  if (json) {
    response.writeHead(status, { 'content-type': 'application/json;charset=utf-8' })
    response.end(JSON.stringify({ RequestId: requestId, ...json }))
    return
  }
  response.writeHead(status, {
    'x-mns-request-id': requestId,
    'x-mns-version': '2015-06-06',
    ...(document && { 'content-type': 'text/xml;charset=utf-8' }),
    ...headers,
  })
  response.end(document && toXml(...document))
}
