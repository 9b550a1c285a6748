import fc from 'fast-check'
import { ask } from '../../support/service.ts'
import { passwordReference } from '../quiet-host.ts'
import { rssMbOf } from '../rss.ts'
import type { HostProcess } from '../../support/processes.ts'
import { type Connection, connectionTo } from './connection.ts'
import { type OpenApi, judgeBy } from './document.ts'
import { type StandIns, startStandIns } from '../../support/stand-ins.ts'
import { type FuzzedRequest, type Known, requestsOf, standInEngines, standInIdOf } from './requests.ts'

/** How much is asked. The same seed makes the same requests. */
export interface FuzzPlan {
  readonly requests: number
  readonly seed: number
}

/** What a host came through. */
export interface Fuzzed {
  readonly requests: number
  /** Operations that did what they were asked for, at least once. */
  readonly served: ReadonlySet<string>
  /** Answers by their status. */
  readonly statuses: Readonly<Record<string, number>>
  readonly seconds: number
  readonly maxRssMb: number
}

/** Requests that are under way at the same time, each on a connection of its own. */
const atOnce = 64

/** Of these, before the memory of the host is looked at again. */
const runsPerLook = 20

/**
 * How the host is set: what leads nowhere, such as a named instance without a SQL Browser, takes no longer than this,
 * s; and V8 keeps no more memory than this for later, MB, so that what grows is what the host holds.
 */
export const fuzzSettings = { PRECHECK_ITEM_SECONDS: '1', NODE_OPTIONS: '--max-old-space-size=256' }

/** Far more than any answer takes: what has none by then hangs, ms. Validations wait for 30 s. */
const limitMs = 40_000

/** The host may take no more, MB. */
const maxRssMb = 500

/** Ids that are remembered of each kind: the last ones. */
const maxKnown = 64

/** How the ids of each kind look in an answer. */
const idForms: Readonly<Record<string, RegExp>> = {
  precheckId: /\bpc_[0-9a-f]{32}\b/,
  webhookId: /\bwh_[0-9a-f]{16}\b/,
  acknowledgementId: /\back_[0-9a-f]{16}\b/,
  eventId: /\bevt_[0-9a-f]{32}\b/,
  sweepId: /\b\d{4}-\d{2}-\d{2}T\d{6}Z-[0-9a-f]{8}\b/,
}

/** What the service has made, from its answers. */
const knowledge = () => {
  const ids = new Map<string, string[]>()
  const note = (kind: string, id: string): void => {
    const known = ids.get(kind) ?? []
    if (known.includes(id)) return
    ids.set(kind, [...known, id].slice(-maxKnown))
  }
  const forget = (target: string): void => {
    for (const [kind, known] of ids)
      ids.set(
        kind,
        known.filter((id) => !target.includes(id)),
      )
  }
  return {
    learn: (method: string, target: string, body: string): void => {
      if (method === 'DELETE' && body === '') return forget(target)
      for (const [kind, form] of Object.entries(idForms)) {
        const id = form.exec(body)?.[0]
        if (id !== undefined) note(kind, id)
      }
      // Not from lists, where the tokens are that ask.
      const token =
        method === 'POST' && target === '/v1/tokens' ? /"id":"([0-9a-f]{16})"/.exec(body)?.[1] : undefined
      if (token !== undefined) note('tokenId', token)
    },
    idOf: ({ kind, nth }: Known): string => {
      const known = ids.get(kind) ?? []
      return known[nth % Math.max(1, known.length)] ?? '0'
    },
  }
}

/** Tokens of every scope, and what is said without a right one. */
const authorizations = async (host: HostProcess) => {
  const bearerOf = async (scope: string): Promise<string> => {
    const { json } = await ask(host, 'POST', '/v1/tokens', { body: { name: scope, scope } })
    return `authorization: Bearer ${json.token}\r\n`
  }
  return {
    admin: `authorization: Bearer ${host.token}\r\n`,
    run: await bearerOf('run'),
    read: await bearerOf('read'),
    wrong: 'authorization: Bearer wrong\r\n',
    nobody: '',
  }
}

/** Registers the stand-ins, and prechecks each once. */
const registerStandIns = async (host: HostProcess, { definitionOf }: StandIns): Promise<void> => {
  for (const engine of standInEngines) {
    const id = standInIdOf(engine)
    await ask(host, 'PUT', `/v1/instances/${id}`, { body: definitionOf(engine, passwordReference) })
    await ask(host, 'POST', `/v1/instances/${id}/prechecks`, { headers: { prefer: 'wait=30' } })
  }
}

/**
 * Asks a host what its OpenAPI document describes, and what it does not: every answer is one of the document, comes in
 * time, and none is a fault of the server. Throws what fast-check says of the shortest requests that show a fault.
 */
const fuzzBeside = async (
  host: HostProcess,
  standIns: StandIns,
  { requests, seed }: FuzzPlan,
): Promise<Fuzzed> => {
  await registerStandIns(host, standIns)
  const document = (await ask(host, 'GET', '/openapi.json')).json as unknown as OpenApi
  const judge = judgeBy(document)
  const known = knowledge()
  const authorized = await authorizations(host)
  const port = Number(new URL(host.url).port)
  const connections = Array.from({ length: atOnce }, () => connectionTo(port))
  const statuses: Record<string, number> = {}
  const served = new Set<string>()
  const tally = { asked: 0, maxRssMb: 0 }

  const send = async (connection: Connection, request: FuzzedRequest): Promise<void> => {
    const { operation, method, path, query, caller, headers, body } = request
    const parts = path.map((part) => (typeof part === 'string' ? part : known.idOf(part)))
    const parameters = query.map((pair) => pair.join('=')).join('&')
    const target = `/${parts.join('/')}${parameters === '' ? '' : `?${parameters}`}`
    const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
    const length = body === '' ? '' : `content-length: ${body.length}\r\n`
    const head = `${method} ${target} HTTP/1.1\r\nhost: fuzz\r\n${authorized[caller]}${lines}${length}\r\n`
    tally.asked += 1
    const told = `${head}${body.slice(0, 2000)}`
    const answer = await connection
      .ask(Buffer.from(head + body, 'latin1'), method === 'HEAD', limitMs)
      .catch((cause) => {
        throw new Error(`${String(cause)}\n${told}`)
      })
    statuses[answer.status] = (statuses[answer.status] ?? 0) + 1
    const fault = judge(method, target, answer)
    if (fault !== null) throw new Error(`${fault}\n${told}\n\n${answer.status} ${answer.body.slice(0, 4000)}`)
    known.learn(method, target, answer.body)
    if (answer.status < 400) served.add(operation)
  }

  const property = fc.asyncProperty(
    fc.array(requestsOf(document), { minLength: 1, maxLength: atOnce, size: 'max' }),
    async (batch) => {
      const sent = await Promise.allSettled(batch.map((request, index) => send(connections[index]!, request)))
      const failed = sent.find((each) => each.status === 'rejected')
      if (failed) throw failed.reason
    },
  )

  const from = performance.now()
  for (let round = seed; tally.asked < requests; round += 1) {
    await fc.assert(property, { seed: round, numRuns: runsPerLook, interruptAfterTimeLimit: 2 * limitMs })
    tally.maxRssMb = Math.max(tally.maxRssMb, rssMbOf(host.pid))
    if (tally.maxRssMb > maxRssMb) {
      throw new Error(`The host takes ${tally.maxRssMb} MB after ${tally.asked} requests (seed ${seed}).`)
    }
  }
  for (const connection of connections) connection.close()
  const { asked, maxRssMb: mostMb } = tally
  const seconds = (performance.now() - from) / 1000
  return { requests: asked, served, statuses, seconds, maxRssMb: mostMb }
}

/** Fuzzes a host that has something to find: stand-ins of both engines, which are registered beforehand. */
export const fuzz = async (host: HostProcess, plan: FuzzPlan): Promise<Fuzzed> => {
  const standIns = await startStandIns()
  try {
    return await fuzzBeside(host, standIns, plan)
  } finally {
    await standIns.close()
  }
}
