import { once } from 'node:events'
import { type Server, type Socket, createServer } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { type Authentication, authentication, sessionPairs } from './authentication.ts'
import {
  dataTypesAnswer,
  describe,
  endOfCall,
  networkServicesAnswer,
  pairsAnswer,
  protocolAnswer,
  returnParameters,
  rowsAnswer,
  statusAnswer,
} from './messages.ts'
import {
  type LengthSize,
  type Packet,
  acceptPacket,
  markerPacket,
  messageOf,
  packetReader,
  packetType,
  redirectPacket,
  refusePacket,
  toDataPackets,
  toPacket,
} from './packets.ts'
import { type Request, readRequest } from './requests.ts'
import type { Answer, Cell, OracleScenario } from './scenario.ts'

/** A small Oracle server that drivers connect to over TCP. It knows the answers of its scenario and nothing else. */
export interface OracleStandIn {
  readonly port: number
  readonly seen: {
    readonly logins: string[]
    readonly statements: string[]
    readonly connectData: string[]
    /** Connections that are open now. */
    open: number
  }
  setScenario(scenario: OracleScenario): void
  close(): Promise<void>
}

type Seen = OracleStandIn['seen']
type Rows = Extract<Answer, { rows: unknown }>

/** ORA codes that the stand-in itself answers with. */
const code = { noMoreRows: 1403, cancelled: 1013, wrongPassword: 1017, unknownStatement: 900 } as const
const resetMarker = 2
const breakMarker = 1

/** Connect data longer than this comes in a packet of its own. */
const longestInline = 230
/** Places in a CONNECT packet, counted behind its header. */
const place = { dataLength: 16, dataOffset: 18 } as const
const headerLength = 8

interface Cursor {
  readonly answer: Rows
  sent: number
}

class Session {
  private lengthSize: LengthSize = 2
  private isHanging = false
  private isBroken = false
  private wasResent = false
  private awaitsConnectData = false
  private login: Authentication | null = null
  private readonly cursors: Cursor[] = []
  private readonly socket: Socket
  private readonly scenario: () => OracleScenario
  private readonly seen: Seen

  constructor(socket: Socket, scenario: () => OracleScenario, seen: Seen) {
    this.socket = socket
    this.scenario = scenario
    this.seen = seen
  }

  start(): void {
    const read = packetReader(() => this.lengthSize)
    this.socket.on('data', (chunk) => {
      try {
        for (const packet of read(chunk)) if (!this.isHanging) this.take(packet)
      } catch {
        this.socket.destroy()
      }
    })
  }

  private take(packet: Packet): void {
    if (this.awaitsConnectData) return this.answerConnect(messageOf(packet).toString('latin1'))
    switch (packet.type) {
      case packetType.connect:
        return this.takeConnect(packet.content)
      case packetType.marker:
        return this.takeMarker(packet.content[2] ?? 0)
      case packetType.data:
        return this.serve(readRequest(messageOf(packet)))
      default:
        this.socket.destroy()
    }
  }

  private takeConnect(content: Buffer): void {
    const length = content.readUInt16BE(place.dataLength)
    if (length > longestInline) {
      this.awaitsConnectData = true
      return
    }
    const from = content.readUInt16BE(place.dataOffset) - headerLength
    this.answerConnect(content.subarray(from, from + length).toString('latin1'))
  }

  private answerConnect(connectData: string): void {
    this.awaitsConnectData = false
    this.seen.connectData.push(connectData)
    const decision = this.scenario().listener?.(connectData) ?? 'accept'
    if (typeof decision === 'object') {
      const packet =
        'refuse' in decision ? refusePacket(decision.refuse) : redirectPacket(decision.redirect, connectData)
      this.socket.end(packet)
      return
    }
    switch (decision) {
      case 'hang':
        this.isHanging = true
        return
      case 'close':
        this.socket.destroy()
        return
      case 'garbage':
        this.socket.write('SSH-2.0-OpenSSH_9.2\r\n')
        return
      case 'resend':
        if (this.wasResent) return this.accept()
        this.wasResent = true
        this.socket.write(toPacket(packetType.resend, Buffer.alloc(0), 2))
        return
      case 'accept':
        return this.accept()
    }
  }

  private accept(): void {
    this.socket.write(acceptPacket())
    this.lengthSize = 4
    if (this.scenario().afterAccept === 'hang') this.isHanging = true
  }

  private send(...parts: readonly Buffer[]): void {
    this.socket.write(toDataPackets(Buffer.concat(parts)))
  }

  private fail(number: number): void {
    if (this.scenario().markersBeforeErrors) {
      this.isBroken = true
      this.pending = number
      this.socket.write(Buffer.concat([markerPacket(breakMarker), markerPacket(resetMarker)]))
      return
    }
    this.send(endOfCall({ code: number }))
  }

  private pending: number = code.cancelled

  private takeMarker(kind: number): void {
    if (kind === resetMarker) {
      if (!this.isBroken) return
      this.isBroken = false
      this.send(endOfCall({ code: this.pending }))
      this.pending = code.cancelled
      return
    }
    this.isBroken = true
    this.socket.write(Buffer.concat([markerPacket(breakMarker), markerPacket(resetMarker)]))
  }

  private serve(request: Request): void {
    switch (request.kind) {
      case 'network-services':
        return this.send(networkServicesAnswer())
      case 'protocol':
        return this.send(protocolAnswer())
      case 'data-types':
        return this.send(dataTypesAnswer(request.wantsTimeZone))
      case 'authentication':
        return request.phase === 1 ? this.challenge(request) : this.prove(request)
      case 'execute':
        return this.execute(request)
      case 'execute-again':
        return this.page(request.cursor, request.rows, true)
      case 'fetch':
        return this.page(request.cursor, request.rows, false)
      case 'log-off':
      case 'call':
        return this.send(statusAnswer)
      case 'nothing':
        this.socket.end()
    }
  }

  private challenge({ user, privilege }: Extract<Request, { kind: 'authentication' }>): void {
    this.seen.logins.push(`${user} ${privilege}`)
    const decision = this.scenario().login?.({ user, privilege }) ?? { password: '' }
    if (decision === 'hang') {
      this.isHanging = true
      return
    }
    if ('error' in decision) return this.fail(decision.error.code)
    this.login = authentication(decision.password)
    this.send(pairsAnswer(this.login.challenge()))
  }

  private prove({ pairs }: Extract<Request, { kind: 'authentication' }>): void {
    const response = this.login?.prove(pairs) ?? null
    if (response === null) return this.fail(code.wrongPassword)
    this.send(pairsAnswer(sessionPairs(response)))
  }

  private execute({ sql, cursor, rows }: Extract<Request, { kind: 'execute' }>): void {
    if (sql === '') return this.page(cursor, rows, true)
    this.seen.statements.push(sql)
    const answer = this.scenario().answer(sql)
    if (!answer) return this.fail(code.unknownStatement)
    if ('error' in answer) return this.fail(answer.error.code)
    if ('fault' in answer) return this.misbehave(answer.fault)
    this.cursors.push({ answer, sent: 0 })
    this.send(describe(answer.columns), ...this.nextPage(this.cursors.length, rows))
  }

  private misbehave(fault: 'hang' | 'drop' | 'garbage'): void {
    if (fault === 'hang') this.isHanging = true
    if (fault === 'drop') this.socket.destroy()
    if (fault === 'garbage') this.send(Buffer.from('no answer of any kind', 'latin1'))
  }

  private page(cursor: number, rows: number, fromStart: boolean): void {
    const known = this.cursors[cursor - 1]
    if (!known) return this.fail(1001)
    if (fromStart) known.sent = 0
    this.send(...this.nextPage(cursor, rows))
  }

  /** Rows, and whether there are more: no more rows is an error code of its own. */
  private nextPage(id: number, wanted: number): Buffer[] {
    const cursor = this.cursors[id - 1]
    if (!cursor) return []
    const page: (readonly Cell[])[] = cursor.answer.rows.slice(cursor.sent, cursor.sent + Math.max(1, wanted))
    cursor.sent += page.length
    const isLast = cursor.sent >= cursor.answer.rows.length
    const end = endOfCall({ code: isLast ? code.noMoreRows : 0, cursor: id, rows: cursor.sent })
    return [rowsAnswer(page), returnParameters, end]
  }
}

/** Starts a stand-in on 127.0.0.1; port 0 takes a free one. */
export const startOracle = async (
  scenario: OracleScenario,
  { port = 0 }: { readonly port?: number } = {},
): Promise<OracleStandIn> => {
  let current = scenario
  const seen: Seen = { logins: [], statements: [], connectData: [], open: 0 }
  const sockets = new Set<Socket>()
  const onConnection = (socket: Socket): void => new Session(socket, () => current, seen).start()
  const { certificate } = scenario
  const server: Server = certificate ? createTlsServer(certificate, onConnection) : createServer(onConnection)
  server.on('tlsClientError', () => undefined)
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    seen.open += 1
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      sockets.delete(socket)
      seen.open -= 1
    })
  })
  server.on('secureConnection', (socket: Socket) => socket.on('error', () => socket.destroy()))
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    seen,
    setScenario: (next) => {
      current = next
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
