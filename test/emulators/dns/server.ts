import { type RemoteInfo, createSocket } from 'node:dgram'
import { Resolver } from 'node:dns/promises'
import { once } from 'node:events'
import ipaddr from 'ipaddr.js'

/** What a name has: one list of addresses for every query of its kind in turn, the last for all that follow. */
export interface NameScript {
  readonly A?: readonly (readonly string[])[]
  readonly AAAA?: readonly (readonly string[])[]
}

/** A name server on UDP (RFC 1035) that changes its mind as its script says. */
export interface DnsServer {
  /** With its port. */
  readonly address: string
  /** Queries that came in, for example `A rebind.test`. */
  readonly queries: readonly string[]
  /** Asks this server for all addresses of a name. */
  readonly lookup: (name: string) => Promise<readonly string[]>
  close(): Promise<void>
}

const kinds = { 1: 'A', 28: 'AAAA' } as const

const noSuchName = 3
const headerBytes = 12

/** The name in a question: labels with their lengths before them, up to an empty one. */
const readName = (message: Buffer): { readonly name: string; readonly end: number } => {
  const labels: string[] = []
  let at = headerBytes
  for (let length = message.readUInt8(at); length > 0; length = message.readUInt8(at)) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 }
}

/** A resource record of the name in the question (a pointer to offset 12), class IN, that nobody may cache. */
const record = (kind: number, address: string): Buffer => {
  const data = Buffer.from(ipaddr.parse(address).toByteArray())
  const head = Buffer.from([0xc0, headerBytes, 0, kind, 0, 1, 0, 0, 0, 0, 0, data.length])
  return Buffer.concat([head, data])
}

/** Starts the server on 127.0.0.1. Names without a script do not exist; queries for `silent` are never answered. */
export const startDnsServer = async (
  script: Readonly<Record<string, NameScript | 'silent'>>,
): Promise<DnsServer> => {
  const queries: string[] = []

  const respond = (query: Buffer): Buffer | null => {
    const { name, end } = readName(query)
    const kind = query.readUInt16BE(end)
    const kindName = kind === 1 || kind === 28 ? kinds[kind] : 'A'
    const asked = `${kindName} ${name}`
    const answers = script[name]
    if (answers === 'silent') return null
    const turns = answers?.[kindName] ?? [[]]
    const before = queries.filter((each) => each === asked).length
    queries.push(asked)
    const addresses = turns[Math.min(before, turns.length - 1)] ?? []
    const header = Buffer.from(query.subarray(0, headerBytes))
    // An authoritative response; one question, and nothing but answers.
    header.writeUInt16BE(0x8580 | (answers ? 0 : noSuchName), 2)
    header.writeUInt16BE(addresses.length, 6)
    header.writeUInt32BE(0, 8)
    const records = addresses.map((address) => record(kind, address))
    return Buffer.concat([header, query.subarray(headerBytes, end + 4), ...records])
  }

  const socket = createSocket('udp4', (query: Buffer, from: RemoteInfo) => {
    const response = respond(query)
    if (response) socket.send(response, from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')

  const address = `127.0.0.1:${socket.address().port}`
  const resolver = new Resolver({ tries: 1 })
  resolver.setServers([address])
  return {
    address,
    queries,
    lookup: async (name) => {
      const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])
      const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
      const fault = answers.find((answer) => answer.status === 'rejected')
      if (found.length === 0) throw fault?.reason
      return found
    },
    close: async () => {
      resolver.cancel()
      socket.close()
      await once(socket, 'close')
    },
  }
}
