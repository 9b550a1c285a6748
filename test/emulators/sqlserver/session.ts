import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type Means, halfRow, malformedAnswer, refusal, rowsMessage } from './answers.ts'
import { readLogin } from './login.ts'
import { pour } from '../pour.ts'
import {
  type Message,
  messageReader,
  packetSize,
  packetType,
  toPackets,
  toUnendedPackets,
} from './packets.ts'
import { negotiate, preLoginAnswer } from './pre-login.ts'
import { readBatch, readRpc } from './requests.ts'
import type { Answer, Raw, Rows, SqlError, SqlServerScenario } from './scenario.ts'
import { startTlsFirst, startTlsInside } from './tls.ts'
import { doneStatus, doneToken, errorToken, loginTokens, routingToken } from './tokens.ts'

/** What the stand-in has seen of its clients. */
export interface Seen {
  /** User names of the LOGIN7 packets that came. */
  readonly logins: string[]
  readonly statements: string[]
  /** Statements that set something for the session: those of the driver and those of the client. */
  readonly settings: string[]
  /** Connections that came, and those that are open now. */
  connections: number
  open: number
}

type Phase = 'pre-login' | 'login' | 'ready' | 'answering' | 'silent'

/** Messages that a client may send in each phase. */
const acceptable: Readonly<Record<Phase, readonly number[]>> = {
  'pre-login': [packetType.preLogin],
  login: [packetType.login],
  ready: [packetType.batch, packetType.rpc, packetType.attention],
  answering: [packetType.attention],
  silent: [],
}

/** Statements that set something for the session, which drivers send of themselves after a login too. */
const isSetUp = (sql: string): boolean => /^\s*set\s/i.test(sql)

const unknownStatement = (sql: string): SqlError => ({
  number: 50_000,
  class: 16,
  message: `The stand-in has no answer to: ${sql}`,
})

/** One connection: PRELOGIN, LOGIN7, then statements. Anything else closes it. */
export class Session {
  private readonly socket: Socket
  private readonly scenario: () => SqlServerScenario
  private readonly seen: Seen
  private stream: Duplex
  private phase: Phase = 'pre-login'
  private isLoginAlone = false
  private delayed: NodeJS.Timeout | undefined

  constructor(socket: Socket, scenario: () => SqlServerScenario, seen: Seen) {
    this.socket = socket
    this.stream = socket
    this.scenario = scenario
    this.seen = seen
  }

  start(): void {
    const { tls, certificate, preLogin } = this.scenario()
    this.socket.on('close', () => clearTimeout(this.delayed))
    if (preLogin === 'close') return this.drop()
    this.listen(tls === 'strict' && certificate ? startTlsFirst(this.socket, certificate) : this.socket)
  }

  private drop(): void {
    this.socket.destroy()
  }

  private fallSilent(): void {
    this.phase = 'silent'
  }

  private send(body: Buffer): void {
    this.stream.write(toPackets(packetType.result, body))
  }

  /** Reads messages from a stream, and no longer from the one before. */
  private listen(stream: Duplex): void {
    this.stream = stream
    const read = messageReader()
    stream.on('error', () => this.drop())
    stream.on('data', (chunk: Buffer) => {
      if (stream !== this.stream || this.phase === 'silent') return
      try {
        for (const message of read(chunk)) this.take(message)
      } catch {
        this.drop()
      }
    })
  }

  private take({ type, body }: Message): void {
    if (this.phase === 'silent') return
    if (!acceptable[this.phase].includes(type)) return this.drop()
    if (type === packetType.preLogin) return this.answerPreLogin(body)
    if (type === packetType.login) return this.answerLogin(body)
    if (type === packetType.attention) return this.answerAttention()
    if (type === packetType.rpc) return this.answerStatement('procedure', readRpc(body))
    this.answerStatement('batch', readBatch(body))
  }

  private answerPreLogin(body: Buffer): void {
    const { certificate, ...scenario } = this.scenario()
    if (scenario.preLogin === 'hang') return this.fallSilent()
    if (scenario.preLogin === 'garbage') {
      this.stream.write('no answer of any kind\r\n')
      return this.fallSilent()
    }
    const { answer, protects } = negotiate(scenario, body)
    if (scenario.preLogin === 'endless') {
      const chunk = toUnendedPackets(packetType.result, preLoginAnswer(answer))
      return pour(this.stream, { chunk: Buffer.concat(Array.from({ length: 100 }, () => chunk)) })
    }
    this.phase = 'login'
    this.send(preLoginAnswer(answer))
    if (protects === 'ended') return this.hangUp()
    if (protects === 'nothing' || !certificate) return
    this.isLoginAlone = protects === 'login'
    this.listen(startTlsInside(this.socket, certificate))
  }

  /** What follows a login that alone went through TLS is in plain. */
  private leaveTls(): void {
    this.isLoginAlone = false
    this.socket.removeAllListeners('data')
    this.listen(this.socket)
  }

  private answerLogin(body: Buffer): void {
    const { tdsVersion, ...attempt } = readLogin(body)
    if (this.isLoginAlone) this.leaveTls()
    this.seen.logins.push(attempt.user)
    const decision = this.scenario().login?.(attempt) ?? 'accept'
    if (decision === 'hang') return this.fallSilent()
    if (decision === 'drop') return this.drop()
    if (decision !== 'accept' && 'length' in decision) return this.refuseLogin(decision)
    this.phase = 'ready'
    const tokens = loginTokens(tdsVersion, attempt.database, packetSize)
    this.send(decision === 'accept' ? tokens : Buffer.concat([routingToken(decision), tokens]))
  }

  private refuseLogin(errors: readonly SqlError[]): void {
    this.send(Buffer.concat([...errors.map(errorToken), doneToken('batch', doneStatus.error)]))
    this.hangUp()
  }

  /** Ends the connection once what was said has gone out. */
  private hangUp(): void {
    this.fallSilent()
    this.stream.end()
  }

  /** Ends the answer that was under way, in a message of its own, and acknowledges. */
  private answerAttention(): void {
    if (this.phase === 'answering') this.send(doneToken('batch', doneStatus.error))
    clearTimeout(this.delayed)
    this.phase = 'ready'
    this.send(doneToken('batch', doneStatus.attention))
  }

  private answerStatement(means: Means, sql: string): void {
    if (isSetUp(sql)) return this.takeSetting(means, sql)
    this.seen.statements.push(sql)
    const answer = this.scenario().answer(sql) ?? { error: unknownStatement(sql) }
    if ('fault' in answer) return this.fail(answer.fault)
    if ('error' in answer) return this.send(refusal(means, answer.error))
    if ('tokens' in answer) return this.sendRaw(answer)
    if (answer.delayMs === undefined) return this.sendRows(means, answer)
    this.phase = 'answering'
    this.delayed = setTimeout(() => this.sendRows(means, answer), answer.delayMs)
  }

  private takeSetting(means: Means, sql: string): void {
    this.seen.settings.push(sql)
    const { setUp } = this.scenario()
    // The driver sets what it wants by itself before, and takes no rows.
    if (setUp && /\bselect\b/i.test(sql)) return this.sendRows(means, setUp)
    this.send(doneToken(means, doneStatus.final))
  }

  private sendRaw({ tokens, endless }: Raw): void {
    if (!endless) return this.send(tokens)
    this.phase = 'answering'
    this.stream.write(toUnendedPackets(packetType.result, tokens))
    const chunk = toUnendedPackets(packetType.result, endless.chunk)
    pour(this.stream, { ...endless, chunk })
  }

  private sendRows(means: Means, rows: Rows): void {
    this.phase = 'ready'
    this.send(rowsMessage(means, rows))
  }

  private fail(fault: Extract<Answer, { fault: string }>['fault']): void {
    this.fallSilent()
    if (fault === 'garbage') this.stream.write(malformedAnswer())
    if (fault === 'drop') this.stream.write(halfRow(), () => this.drop())
  }
}
