import { once } from 'node:events'
import { type Socket, createServer } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { Duplex } from 'node:stream'
import { preLoginAnswer, readBatch, readLogin } from './login.ts'
import { type Message, messageReader, packetSize, packetType, toPackets } from './packets.ts'
import type { Answer, SqlServerScenario } from './scenario.ts'
import { startTlsInside } from './tls.ts'
import { columnsToken, doneStatus, doneToken, errorToken, loginTokens, rowToken } from './tokens.ts'

/** A small SQL Server that drivers connect to over TCP (TDS 7.4 and TDS 8). It knows the answers of its scenario and nothing else. */
export interface SqlServerStandIn {
  readonly port: number
  readonly seen: {
    /** User names of the LOGIN7 packets that came. */
    readonly logins: string[]
    readonly statements: string[]
    /** Connections that are open now. */
    open: number
  }
  setScenario(scenario: SqlServerScenario): void
  close(): Promise<void>
}

type Seen = SqlServerStandIn['seen']

/** Statements that drivers send of themselves after a login. */
const isSetUp = (sql: string): boolean => /^\s*set\s/i.test(sql)

const unknownStatement = (sql: string): Answer => ({
  error: { number: 50000, class: 16, message: `The stand-in has no answer to: ${sql}` },
})

const answerTokens = (answer: Answer): Buffer => {
  if ('error' in answer) return Buffer.concat([errorToken(answer.error), doneToken(doneStatus.error)])
  if ('fault' in answer) return Buffer.alloc(0)
  const { columns, rows } = answer
  return Buffer.concat([
    columnsToken(columns),
    ...rows.map((row) => rowToken(columns, row)),
    doneToken(doneStatus.count, rows.length),
  ])
}

/** Half of a row, of a message that is never ended: then the connection is cut. */
const halfRow = (): Buffer => {
  const columns = [{ name: 'broken', type: 'int' }] as const
  const packet = toPackets(packetType.result, Buffer.concat([columnsToken(columns), rowToken(columns, [1])]))
  packet[1] = 0
  return packet
}

/** A row before any columns, and a token that does not exist. */
const malformedTokens = Buffer.from([0xd1, 0x01, 0x00, 0x42, 0x42, 0x42])

class Session {
  private readonly socket: Socket
  private readonly scenario: () => SqlServerScenario
  private readonly seen: Seen
  private isHanging = false

  constructor(socket: Socket, scenario: () => SqlServerScenario, seen: Seen) {
    this.socket = socket
    this.scenario = scenario
    this.seen = seen
  }

  start(): void {
    const { tls, certificate, preLogin } = this.scenario()
    if (preLogin === 'close') return void this.socket.destroy()
    if (tls !== 'strict' || !certificate) return this.listen(this.socket)
    const secure = new TLSSocket(this.socket, { isServer: true, ...certificate, ALPNProtocols: ['tds/8.0'] })
    secure.on('error', () => this.socket.destroy())
    this.listen(secure)
  }

  private listen(stream: Duplex): void {
    const read = messageReader()
    const onData = (chunk: Buffer): void => {
      try {
        for (const message of read(chunk)) this.take(stream, message, onData)
      } catch {
        this.socket.destroy()
      }
    }
    stream.on('data', onData)
  }

  private take(stream: Duplex, { type, body }: Message, onData: (chunk: Buffer) => void): void {
    if (this.isHanging) return
    switch (type) {
      case packetType.preLogin:
        return this.answerPreLogin(stream, onData)
      case packetType.login:
        return this.answerLogin(stream, body)
      case packetType.batch:
        return this.answerBatch(stream, readBatch(body))
      case packetType.attention:
        // Two messages: the end of what was cancelled, then the acknowledgement.
        this.send(stream, doneToken(doneStatus.error))
        return this.send(stream, doneToken(doneStatus.attention))
      default:
        this.socket.destroy()
    }
  }

  private send(stream: Duplex, body: Buffer): void {
    stream.write(toPackets(packetType.result, body))
  }

  private answerPreLogin(stream: Duplex, onData: (chunk: Buffer) => void): void {
    const { tls = 'none', certificate, preLogin } = this.scenario()
    if (preLogin === 'hang') {
      this.isHanging = true
      return
    }
    if (preLogin === 'garbage') {
      stream.write(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'))
      return
    }
    this.send(stream, preLoginAnswer(tls))
    if ((tls !== 'offered' && tls !== 'required') || !certificate) return
    this.socket.off('data', onData)
    this.listen(startTlsInside(this.socket, certificate))
  }

  private answerLogin(stream: Duplex, body: Buffer): void {
    const attempt = readLogin(body)
    this.seen.logins.push(attempt.user)
    const decision = this.scenario().login?.(attempt) ?? 'accept'
    if (decision === 'hang') {
      this.isHanging = true
      return
    }
    if (decision === 'accept')
      return this.send(stream, loginTokens(attempt.tdsVersion, attempt.database, packetSize))
    this.send(stream, Buffer.concat([...decision.map(errorToken), doneToken(doneStatus.error)]))
    stream.end()
  }

  private answerBatch(stream: Duplex, sql: string): void {
    if (isSetUp(sql)) return this.send(stream, doneToken(doneStatus.final))
    this.seen.statements.push(sql)
    const answer = this.scenario().answer(sql) ?? unknownStatement(sql)
    if (!('fault' in answer)) return this.send(stream, answerTokens(answer))
    if (answer.fault === 'hang') {
      this.isHanging = true
      return
    }
    const part = answer.fault === 'drop' ? halfRow() : toPackets(packetType.result, malformedTokens)
    stream.write(part, () => {
      if (answer.fault === 'drop') this.socket.destroy()
    })
  }
}

/** Starts a stand-in on 127.0.0.1; port 0 takes a free one. */
export const startSqlServer = async (
  scenario: SqlServerScenario,
  { port = 0 }: { readonly port?: number } = {},
): Promise<SqlServerStandIn> => {
  let current = scenario
  const seen: Seen = { logins: [], statements: [], open: 0 }
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    seen.open += 1
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      sockets.delete(socket)
      seen.open -= 1
    })
    new Session(socket, () => current, seen).start()
  })
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
