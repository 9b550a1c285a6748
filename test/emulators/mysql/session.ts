import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'
import { pour } from '../pour.ts'
import { type Response, isProof, isTlsRequest, keys, passwordIn, readResponse } from './login.ts'
import {
  capability,
  endPacket,
  errorPacket,
  fileRequest,
  greetingOf,
  headOf,
  moreData,
  okPacket,
  rowPacket,
  switchTo,
} from './messages.ts'
import { type PacketReader, framed, packetReader } from './packets.ts'
import type { Answer, MySqlScenario, Plugin, Raw, Rows, SqlError } from './scenario.ts'

/** What the stand-in has seen of its clients. */
export interface Seen {
  /** User names of the logins that were tried. */
  readonly logins: string[]
  readonly statements: string[]
  /** Statements that set something for the session. */
  readonly settings: string[]
  /** Passwords that clients told. */
  readonly passwords: string[]
  /** Names of the programs of the clients. */
  readonly programs: string[]
  /** What came of files that were asked for. */
  readonly files: Buffer[]
  /** Clients that would send files. */
  fileSenders: number
  /** Sessions that were ended as they are to be. */
  goodbyes: number
  /** Connections that came, and those that are open now. */
  connections: number
  open: number
}

const command = { quit: 1, query: 3 } as const
/** What the plugins of passwords that are hashed say to each other in one byte. */
const sha2 = { keyRequest: [1, 2], fast: 3, full: 4 } as const

const defaultVersion = '8.4.6'

const unknownStatement = (sql: string): SqlError => ({
  number: 1064,
  state: '42000',
  message: `The stand-in has no answer to: ${sql}`,
})

/** The limits in the comments that only one of the two products reads, ms. */
const limitIn = (sql: string, isMariaDb: boolean): number | null => {
  const [, text] =
    (isMariaDb ? /max_statement_time = ([\d.]+)/ : /max_execution_time = (\d+)/).exec(sql) ?? []
  if (text === undefined) return null
  return isMariaDb ? Number(text) * 1000 : Number(text)
}

/** One connection: greeting, login, then statements. Anything else closes it. */
export class Session {
  private readonly socket: Socket
  private readonly scenario: () => MySqlScenario
  private readonly seen: Seen
  private readonly nonce = Buffer.from(randomBytes(20).map((byte) => (byte % 127) + 1))
  private stream: Duplex
  private sequence = 0
  private isSilent = false
  private limitMs: number | null = null
  private delayed: NodeJS.Timeout | undefined
  /** What the next packet is taken for. */
  private take: (payload: Buffer) => void = (payload) => this.takeResponse(payload)

  constructor(socket: Socket, scenario: () => MySqlScenario, seen: Seen) {
    this.socket = socket
    this.stream = socket
    this.scenario = scenario
    this.seen = seen
  }

  start(): void {
    this.socket.on('close', () => clearTimeout(this.delayed))
    this.listen(this.socket)
    const { greeting, version = defaultVersion, greeted, tls = 'none' } = this.scenario()
    if (greeting === 'close') return this.drop()
    if (greeting === 'hang') return this.fallSilent()
    if (greeting === 'garbage') {
      this.stream.write('no greeting of any kind\r\n')
      return this.fallSilent()
    }
    if (greeting === 'endless') {
      const head = Buffer.from([0xff, 0xff, 0xff, 0, 0x0a])
      this.stream.write(head)
      return pour(this.stream, { chunk: Buffer.alloc(4000, 0x38) })
    }
    if (greeting && 'number' in greeting) {
      this.send(errorPacket(greeting, true))
      return this.hangUp()
    }
    const hello = framed(greetingOf(version, greeted ?? this.plugin(), this.nonce, tls !== 'none'), 0)
    this.sequence = 1
    // In one piece, so that both are there when the client looks.
    this.stream.write(greeting ? Buffer.concat([hello, greeting.injected]) : hello)
  }

  private plugin(): Plugin {
    return this.scenario().plugin ?? 'caching_sha2_password'
  }

  private drop(): void {
    this.socket.destroy()
  }

  private fallSilent(): void {
    this.isSilent = true
  }

  /** Ends the connection once what was said has gone out. */
  private hangUp(): void {
    this.fallSilent()
    this.stream.end()
  }

  private send(...payloads: readonly Buffer[]): void {
    this.stream.write(Buffer.concat(payloads.map((payload) => framed(payload, this.sequence++))))
  }

  private listen(stream: Duplex): void {
    this.stream = stream
    const reader = packetReader()
    stream.on('error', () => this.drop())
    if (stream !== this.socket) stream.on('end', () => stream.end())
    stream.on('data', (chunk: Buffer) => {
      if (stream !== this.stream || this.isSilent) return
      reader.push(chunk)
      try {
        this.takePackets(reader)
      } catch {
        this.drop()
      }
    })
  }

  private takePackets(reader: PacketReader): void {
    for (let packet = reader.next(); packet; packet = reader.next()) {
      const { certificate } = this.scenario()
      // Later packets may have the same length.
      const isFirst = packet.sequence === 1 && this.stream === this.socket
      if (isFirst && isTlsRequest(packet.payload) && certificate)
        return this.startTls(certificate, reader.rest())
      this.sequence = packet.sequence + 1
      this.take(packet.payload)
    }
  }

  /** `early`: what has come in of TLS already. */
  private startTls(certificate: NonNullable<MySqlScenario['certificate']>, early: Buffer): void {
    this.socket.removeAllListeners('data')
    this.socket.pause()
    this.socket.unshift(early)
    this.listen(new TLSSocket(this.socket, { isServer: true, ...certificate }))
  }

  private takeResponse(payload: Buffer): void {
    const { tls = 'none' } = this.scenario()
    const response = readResponse(payload)
    this.seen.logins.push(response.user)
    this.seen.programs.push(response.attributes['program_name'] ?? '')
    if ((response.flags & capability.localFiles) !== 0) this.seen.fileSenders += 1
    if (tls === 'required' && !(this.stream instanceof TLSSocket)) {
      const message = 'Connections using insecure transport are prohibited'
      return this.refuse({ number: 3159, message })
    }
    if (response.plugin === this.plugin()) return this.authenticate(response, response.proof)
    this.take = (proof) => this.authenticate(response, proof)
    this.send(switchTo(this.plugin(), this.nonce))
  }

  /** Goes on as the plugin of the account does. */
  private authenticate(response: Response, proof: Buffer): void {
    const plugin = this.plugin()
    if (plugin === 'mysql_clear_password') return this.takePassword(response, proof, false)
    if (plugin === 'sha256_password') return this.takeAnyPassword(response, proof)
    if (plugin !== 'caching_sha2_password') return this.decide(response, proof, null)
    if (!this.scenario().isForgetful) {
      this.send(moreData(Buffer.from([sha2.fast])))
      return this.decide(response, proof, null)
    }
    this.take = (payload) => this.takeAnyPassword(response, payload)
    this.send(moreData(Buffer.from([sha2.full])))
  }

  /** In clear, or after it has asked for the key. */
  private takeAnyPassword(response: Response, payload: Buffer): void {
    const [first = 0] = payload
    const asksForKey = payload.length === 1 && sha2.keyRequest.some((byte) => byte === first)
    if (!asksForKey) return this.takePassword(response, payload, false)
    this.take = (encrypted) => this.takePassword(response, encrypted, true)
    this.send(moreData(Buffer.from(keys.publicKey)))
  }

  private takePassword(response: Response, payload: Buffer, isEncrypted: boolean): void {
    const password = passwordIn(payload, this.nonce, isEncrypted)
    this.seen.passwords.push(password)
    this.decide(response, payload, password)
  }

  private decide({ user, attributes }: Response, proof: Buffer, revealed: string | null): void {
    const decision =
      this.scenario().login?.({
        user,
        plugin: this.plugin(),
        isTls: this.stream instanceof TLSSocket,
        revealed,
        proves: (password) =>
          revealed === null ? isProof(this.plugin(), password, this.nonce, proof) : revealed === password,
        attributes,
      }) ?? 'accept'
    if (decision === 'hang') return this.fallSilent()
    if (decision === 'drop') return this.drop()
    if (decision !== 'accept') return this.refuse(decision)
    this.take = (payload) => this.takeCommand(payload)
    this.send(okPacket(false, this.scenario().info))
  }

  private refuse(error: SqlError): void {
    this.send(errorPacket(error))
    this.hangUp()
  }

  private takeCommand(payload: Buffer): void {
    const [kind] = payload
    if (kind === command.quit) {
      this.seen.goodbyes += 1
      return this.scenario().staysOpen ? this.fallSilent() : this.hangUp()
    }
    if (kind !== command.query) return this.drop()
    this.answerStatement(payload.subarray(1).toString())
  }

  private answerStatement(sql: string): void {
    if (/^\s*set\s/i.test(sql)) {
      this.seen.settings.push(sql)
      this.limitMs = limitIn(sql, /mariadb/i.test(this.scenario().version ?? defaultVersion)) ?? this.limitMs
      return this.send(okPacket())
    }
    this.seen.statements.push(sql)
    const answer = this.scenario().answer(sql) ?? { error: unknownStatement(sql) }
    if ('fault' in answer) return this.fail(answer.fault)
    if ('error' in answer) return this.send(errorPacket(answer.error))
    if ('payloads' in answer) return this.sendRaw(answer)
    if ('file' in answer) return this.askForFile(answer.file)
    this.sendRows(answer)
  }

  private askForFile(path: string): void {
    this.take = (payload) => {
      this.seen.files.push(payload)
      if (payload.length > 0) return
      this.take = (next) => this.takeCommand(next)
      this.send(okPacket())
    }
    this.send(fileRequest(path))
  }

  private sendRows({ columns, rows, delayMs }: Rows): void {
    const send = () => this.send(...headOf(columns), ...rows.map(rowPacket), endPacket())
    if (delayMs === undefined) return send()
    const { limitMs } = this
    const isStopped = limitMs !== null && limitMs < delayMs
    const stop = () =>
      this.send(errorPacket({ number: 3024, message: 'maximum statement execution time exceeded' }))
    this.delayed = setTimeout(isStopped ? stop : send, isStopped ? limitMs : delayMs)
  }

  private sendRaw({ payloads, endless, huge, outOfOrder = 0 }: Raw): void {
    this.sequence += outOfOrder
    this.send(...payloads)
    if (huge) {
      this.stream.write(Buffer.from([0xff, 0xff, 0xff, this.sequence % 256]))
      return pour(this.stream, { chunk: huge })
    }
    if (!endless) return
    const { payload, everyMs } = endless
    if (everyMs !== undefined) {
      const timer = setInterval(() => this.send(payload), everyMs)
      this.stream.on('close', () => clearInterval(timer))
      return
    }
    // As many as there are sequence numbers, so that the next time they go on.
    const from = this.sequence
    const cycle = Array.from({ length: 256 }, (_, index) => framed(payload, from + index))
    pour(this.stream, { chunk: Buffer.concat(cycle) })
  }

  private fail(fault: Extract<Answer, { fault: string }>['fault']): void {
    this.fallSilent()
    const head = headOf([{ name: 'broken', type: 'varchar' }])
    if (fault === 'garbage') this.stream.write('what is this?'.repeat(9))
    if (fault === 'drop') {
      const row = framed(rowPacket(['broken']), 9)
      const packets = head.map((payload, index) => framed(payload, this.sequence + index))
      this.stream.write(Buffer.concat([...packets, row.subarray(0, 6)]), () => this.drop())
    }
  }
}
