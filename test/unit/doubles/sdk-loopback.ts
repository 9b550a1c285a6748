import FunctionCompute from '@alicloud/fc2'
import MNS from '@alicloud/mns'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import TableStore from 'tablestore'

/** The unmodified SDKs before a server of the test's own, to hold doubles against what they really say. */

const servers: Server[] = []

/** Answers every request so, once it is read. Resolves to the endpoint. */
export const serve = async (answer: RequestListener): Promise<string> => {
  const server = createServer((request, response) => {
    request.resume()
    request.on('end', () => answer(request, response))
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

export const stopServers = async (): Promise<void> => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

/** An answer of MNS: an element of its namespace. */
export const xml =
  (status: number, root: string, content: string): RequestListener =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'text/xml;charset=utf-8' })
    response.end(`<?xml version="1.0"?><${root} xmlns="http://mns.aliyuncs.com/doc/v1/">${content}</${root}>`)
  }

export const json =
  (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): RequestListener =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(JSON.stringify(body))
  }

/** Without retries, which this SDK would otherwise make by itself. */
export const tablestoreAt = (endpoint: string, timeout = 60_000) =>
  new TableStore.Client({
    accessKeyId: 'id',
    secretAccessKey: 'secret',
    endpoint,
    instancename: 'precheck',
    maxRetries: 0,
    httpOptions: { timeout },
  })

export const mnsAt = (endpoint: string, readTimeout = 5000) =>
  new MNS('1', { accessKeyId: 'id', accessKeySecret: 'secret', endpoint, readTimeout })

export const functionComputeAt = (endpoint: string) =>
  new FunctionCompute('1', {
    accessKeyID: 'id',
    accessKeySecret: 'secret',
    region: 'cn-hangzhou',
    endpoint,
    timeout: 60_000,
  })

interface Message {
  create(properties: object): object
  encode(message: object): { finish(): Buffer }
}

type MessageName =
  | 'Error'
  | 'GetRowResponse'
  | 'GetRangeResponse'
  | 'BatchGetRowResponse'
  | 'BatchWriteRowResponse'

/** The messages of Tablestore's protocol, from the SDK: its declarations do not hold them. */
const { proto } = (
  createRequire(import.meta.url)('tablestore/lib/protocol/tablestore_compiled_proto.js') as {
    readonly main: { readonly proto: Readonly<Record<MessageName, Message>> }
  }
).main

export const encodeMessage = (name: MessageName, properties: object): Buffer =>
  proto[name].encode(proto[name].create(properties)).finish()
