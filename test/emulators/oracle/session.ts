import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import { pour } from '../pour.ts'
import { type Authentication, authentication, sessionPairs } from './authentication.ts'
import { openCursors } from './cursors.ts'
import { listener } from './listener.ts'
import {
  dataTypesAnswer,
  describe,
  endOfCall,
  networkServicesAnswer,
  pairsAnswer,
  protocolAnswer,
  statusAnswer,
} from './messages.ts'
import {
  type Packet,
  isFull,
  maxPacket,
  markerKind,
  markerPacket,
  messageOf,
  packetReader,
  packetType,
  toDataPackets,
} from './packets.ts'
import { TooShort } from './primitives.ts'
import { type Request, readRequest } from './requests.ts'
import type { Answer, OraError, OracleScenario, Raw } from './scenario.ts'
import type { Seen } from './seen.ts'

type Login = Extract<Request, { kind: 'authentication' }>
type Execute = Extract<Request, { kind: 'execute' }>
type Fault = Extract<Answer, { fault: unknown }>['fault']

/** ORA codes that the stand-in answers with by itself. */
const code = { unknownStatement: 900, invalidCursor: 1001, cancelled: 1013, wrongPassword: 1017 } as const
const nothing = Buffer.alloc(0)

/** One client. Closes on what no driver sends. */
export class Session {
  private isAccepted = false
  private isHanging = false
  private login: Authentication | null = null
  /** The error that follows when the client has answered the markers in front of it. */
  private errorAfterReset: OraError | null = null
  private delayed: NodeJS.Timeout | undefined
  private unfinished: Buffer = nothing
  private readonly cursors = openCursors()
  private readonly listen: ReturnType<typeof listener>
  private readonly socket: Socket
  private readonly scenario: () => OracleScenario
  private readonly seen: Seen

  constructor(socket: Socket, scenario: () => OracleScenario, seen: Seen) {
    this.listen = listener(scenario, seen)
    this.socket = socket
    this.scenario = scenario
    this.seen = seen
  }

  start(): void {
    const read = packetReader(() => (this.isAccepted ? 4 : 2))
    this.socket.on('close', () => clearTimeout(this.delayed))
    this.socket.on('data', (chunk) => {
      try {
        for (const packet of read(chunk)) this.take(packet)
      } catch {
        this.socket.destroy()
      }
    })
  }

  private take(packet: Packet): void {
    if (packet.type === packetType.marker) this.seen.markers += 1
    if (this.isHanging) return
    if (!this.isAccepted) return this.connect(packet)
    if (packet.type === packetType.marker) return this.takeMarker(packet)
    if (packet.type === packetType.data) return this.takeData(packet)
    this.socket.destroy()
  }

  private connect(packet: Packet): void {
    const reply = this.listen(packet)
    if (reply.packet) this.socket.write(reply.packet)
    if (reply.next === 'serve') this.isAccepted = true
    const hangsNow = this.isAccepted && this.scenario().afterAccept === 'hang'
    if (reply.next === 'hang' || hangsNow) this.isHanging = true
    if (reply.next === 'end') this.socket.end()
  }

  /** A break is answered with markers, and the error follows when the client has answered those. */
  private takeMarker({ content }: Packet): void {
    if (content[2] !== markerKind.reset) {
      clearTimeout(this.delayed)
      return this.failAfterMarkers({ code: code.cancelled })
    }
    if (this.errorAfterReset) this.send(endOfCall(this.errorAfterReset))
    this.errorAfterReset = null
  }

  /** A message that does not fit a packet fills it, and goes on in the next one. */
  private takeData(packet: Packet): void {
    const message = Buffer.concat([this.unfinished, messageOf(packet)])
    this.unfinished = nothing
    try {
      this.serve(readRequest(message))
    } catch (fault) {
      const goesOn = fault instanceof TooShort && isFull(packet) && message.length < maxPacket
      if (!goesOn) throw fault
      this.unfinished = message
    }
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
        return this.executeAgain(request.cursor, request.rows)
      case 'fetch':
        this.seen.fetches += 1
        return this.sendPage(request.cursor, request.rows)
      case 'log-off':
      case 'call':
        return this.send(statusAnswer)
      case 'nothing':
        this.socket.end()
    }
  }

  private challenge({ user, privilege }: Login): void {
    this.seen.logins.push(`${user} ${privilege}`)
    const decision = this.scenario().login?.({ user, privilege }) ?? { password: '' }
    if (decision === 'hang') {
      this.isHanging = true
      return
    }
    if ('error' in decision && decision.error.code !== code.wrongPassword) return this.fail(decision.error)
    // Nothing may tell an unknown user from a wrong password: the exchange goes on, with a password that nobody knows.
    this.login = authentication('password' in decision ? decision.password : randomUUID())
    this.send(pairsAnswer(this.login.challenge()))
  }

  private prove({ pairs }: Login): void {
    const response = this.login?.prove(pairs) ?? null
    if (response === null) return this.fail({ code: code.wrongPassword })
    this.send(pairsAnswer(sessionPairs(response)))
  }

  private execute({ sql, cursor, rows }: Execute): void {
    if (sql === '') return this.executeAgain(cursor, rows)
    this.seen.statements.push(sql)
    const answer = this.scenario().answer(sql)
    if (!answer) return this.fail({ code: code.unknownStatement, message: `no answer is known to: ${sql}` })
    if ('error' in answer) return this.fail(answer.error)
    if ('fault' in answer) return this.misbehave(answer.fault)
    if ('bytes' in answer) return this.sendRaw(answer)
    const id = this.cursors.open(answer)
    this.sendPage(id, rows, { description: describe(answer.columns), delayMs: answer.delayMs })
  }

  /** A statement that the client keeps is not described a second time. */
  private executeAgain(cursor: number, rows: number): void {
    this.sendPage(cursor, rows, { delayMs: this.cursors.restart(cursor)?.delayMs })
  }

  private misbehave(fault: Fault): void {
    if (fault === 'hang') this.isHanging = true
    if (fault === 'drop') this.socket.destroy()
    if (fault === 'garbage') this.send(Buffer.from('no answer of any kind', 'latin1'))
  }

  private sendRaw({ bytes, endless }: Raw): void {
    this.send(bytes)
    if (endless) pour(this.socket, { ...endless, chunk: toDataPackets(endless.chunk) })
  }

  private sendPage(
    cursor: number,
    rows: number,
    first: { readonly description?: Buffer; readonly delayMs?: number | undefined } = {},
  ): void {
    const page = this.cursors.nextPage(cursor, rows)
    if (!page) return this.fail({ code: code.invalidCursor })
    const send = (): void => this.send(first.description ?? nothing, ...page)
    if (first.delayMs === undefined) return send()
    this.delayed = setTimeout(send, first.delayMs)
  }

  private fail(error: OraError): void {
    if (this.scenario().markersBeforeErrors) return this.failAfterMarkers(error)
    this.send(endOfCall(error))
  }

  private failAfterMarkers(error: OraError): void {
    this.errorAfterReset = error
    this.socket.write(Buffer.concat([markerPacket(markerKind.break), markerPacket(markerKind.reset)]))
  }

  private send(...parts: readonly Buffer[]): void {
    this.socket.write(toDataPackets(Buffer.concat(parts)))
  }
}
