import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHandler as createApi } from '../../functions/api/handler.ts'
import { createHandler as createCollect } from '../../functions/collect/handler.ts'
import { createHandler as createNotify } from '../../functions/notify/handler.ts'
import { createHandler as createRunCheck } from '../../functions/run-check/handler.ts'
import { invoking } from '../../infra/host/pump.ts'
import { startPumps } from '../../infra/host/pumps.ts'
import { issueToken } from '../../shared/flows/tokens.ts'
import type { Scope } from '../../shared/model/token.ts'
import type { Probes } from '../../shared/ports/probe.ts'
import { hostHealth } from '../../infra/host/health.ts'
import { readSettings } from '../../shared/runtime/environment.ts'
import { localCheckDeps, localRuntime } from '../../shared/runtime/local.ts'
import { jsonLog } from '../../shared/runtime/log.ts'
import type { AnswerJson } from './answer-json.ts'
import { expectChineseFields } from './chinese-fields.ts'
import { expectDocumented } from './documented.ts'
import { httpEvent } from './http-event.ts'

/** A request in a test: what matters of it. */
export interface TestRequest {
  readonly body?: unknown
  readonly text?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly token?: string | null
  /** Address of the caller. */
  readonly address?: string
}

export interface TestResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  readonly json: AnswerJson
}

/**
 * The functions on embedded ports in a temporary folder, called with the events of their triggers. Every answer of the
 * API is held against its document.
 */
export const startApi = async (
  probes: Probes,
  environment: NodeJS.ProcessEnv = { PRECHECK_SECRET_DB: 'secret' },
  settings: NodeJS.ProcessEnv = {},
) => {
  const folder = mkdtempSync(join(tmpdir(), 'precheck-test-'))
  const read = readSettings({ ...settings, PRECHECK_DATA: folder })
  const runtime = localRuntime(read, environment)
  const lines: string[] = []
  const log = jsonLog('debug', (line) => lines.push(line))
  let now = runtime.now
  const deps = {
    ...runtime,
    now: () => now(),
    health: hostHealth(runtime, { silentMs: () => 0, suspects: () => 0 }, read.blockedMs),
    sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
  }
  const handler = createApi(deps, log)
  const functions = {
    runCheck: invoking(
      createRunCheck({ ...deps, ...localCheckDeps(read, environment), probes }, log),
      'checks',
    ),
    collect: invoking(createCollect(deps, log), 'results'),
    notify: invoking(createNotify(deps, log), 'notifications'),
  }
  const pumps = startPumps(runtime, functions, 50, log)
  const tokenOf = async (scope: Scope) =>
    (await issueToken(runtime.tokens, { name: scope, scope }, new Date())).bearer
  const tokens = { admin: await tokenOf('admin'), run: await tokenOf('run'), read: await tokenOf('read') }
  let requests = 0

  const call = async (method: string, path: string, request: TestRequest = {}): Promise<TestResponse> => {
    const { body, text, headers = {}, query = {}, token = tokens.admin, address } = request
    requests += 1
    const requestId = `request-${requests}`
    const sent = text ?? (body === undefined ? '' : JSON.stringify(body))
    const authorization = token === null ? {} : { Authorization: `Bearer ${token}` }
    const answerIn = (language: Readonly<Record<string, string>>) => {
      const event = httpEvent({
        method,
        path,
        query,
        headers: { ...authorization, ...headers, ...language },
        body: Buffer.from(sent),
        requestId,
        ...(address !== undefined && { address }),
      })
      return handler(event, { requestId })
    }
    const answer = await answerIn({})
    const isJson = answer.headers['content-type']?.includes('json')
    const answered = {
      status: answer.statusCode,
      headers: answer.headers,
      text: answer.body,
      json: isJson && answer.body !== '' ? JSON.parse(answer.body) : undefined,
    }
    expectDocumented(method, path, answered)
    // What is refused has changed nothing, and can be asked once more.
    if (answered.text.includes('"errors":[{"field"'))
      expectChineseFields((await answerIn({ 'Accept-Language': 'zh' })).body)
    return answered
  }

  return {
    call,
    tokens,
    lines,
    /** Sets its wall clock, from now on. */
    setNow: (clock: () => Date) => {
      now = clock
    },
    /** Where the database file is. */
    folder,
    runtime,
    close: async () => {
      await pumps.stop()
      runtime.close()
      rmSync(folder, { recursive: true })
    },
  }
}
export type TestApi = Awaited<ReturnType<typeof startApi>>
