import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import { DeployFailed } from '../plan/failure.ts'

/** Where the deployed API answers, and the token for it; null: there is none at hand. */
export interface DeployedApi {
  readonly url: string
  readonly token: string | null
}

const selfTest = 'self-test'

/** The check items that reach no database, from where the functions run to the endpoints of their region. */
const checkItems = ['OSS_INTERNAL_ENDPOINT_CONNECTIVITY', 'SERVICE_CONNECTIVITY']

/** No check item of the self-test connects to it. */
const definitionIn = (region: string) => ({
  engine: 'sqlserver',
  region,
  description: 'Self-test of a deployment',
  connection: {
    host: '127.0.0.1',
    credential: { username: selfTest, password: 'env:PRECHECK_SECRET_SELF_TEST' },
  },
  schedule: { enabled: false },
})

/** Time for one answer, ms; the first one starts a function, and is repeated while a new address is not known yet. */
const timeoutMs = 30_000
const waitMs = 120_000
const pauseMs = 2000

const exchange = async (
  { url, token }: DeployedApi,
  method: string,
  path: string,
  body?: object,
): Promise<{ readonly status: number; readonly json: unknown }> => {
  const response = await fetch(url + path, {
    method,
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
    headers: {
      'content-type': 'application/json',
      ...(token !== null && { authorization: `Bearer ${token}` }),
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, json: text === '' ? undefined : (JSON.parse(text) as unknown) }
}

const asked = async (
  api: DeployedApi,
  method: string,
  path: string,
  body?: object,
): Promise<{ readonly status: number; readonly json: unknown }> => {
  try {
    return await exchange(api, method, path, body)
  } catch (fault) {
    const why = fault instanceof Error ? fault.message : 'no answer'
    throw new DeployFailed(
      `${method} ${path} at ${api.url}: ${why}\nRun the command again, or look at the logs of api.`,
    )
  }
}

const demand = (
  what: string,
  { status, json }: { readonly status: number; readonly json: unknown },
): unknown => {
  if (status >= 200 && status < 300) return json
  throw new DeployFailed(`${what}: HTTP ${status}\n${JSON.stringify(json)}`)
}

const Health = z.object({ status: z.string() })

const untilHealthy = async (api: DeployedApi): Promise<string> => {
  const end = performance.now() + waitMs
  for (;;) {
    try {
      const parsed = Health.safeParse(demand('GET /healthz', await asked(api, 'GET', '/healthz')))
      return parsed.data?.status ?? 'unknown'
    } catch (fault) {
      if (performance.now() >= end) throw fault
      await sleep(pauseMs)
    }
  }
}

const Precheck = z.object({
  id: z.string(),
  state: z.string(),
  items: z.array(z.object({ checkItem: z.string(), status: z.string() })).default([]),
})

/** Statuses of an item that was run and judged, whatever it found. */
const judged = ['passed', 'warning', 'failed']

const untilCompleted = async (api: DeployedApi, id: string): Promise<z.infer<typeof Precheck>> => {
  const end = performance.now() + waitMs
  for (;;) {
    const path = `/v1/prechecks/${id}`
    const precheck = Precheck.parse(demand('The precheck of the self-test', await asked(api, 'GET', path)))
    if (precheck.state === 'completed') return precheck
    if (performance.now() >= end) throw new DeployFailed(`The precheck of the self-test has not ended: ${id}`)
    await sleep(pauseMs)
  }
}

/** The id of a new precheck; one that a run left, which was cut, has to end first. */
const start = async (api: DeployedApi, path: string): Promise<string> => {
  const end = performance.now() + waitMs
  for (;;) {
    const answer = await asked(api, 'POST', path, { checkItems })
    if (answer.status !== 409 || performance.now() >= end)
      return Precheck.parse(demand('The start of the self-test', answer)).id
    await sleep(pauseMs)
  }
}

/**
 * One precheck through all functions and queues, of an instance that is registered for it and removed again. It passes
 * if every item was run and judged: an endpoint that the network of the functions does not reach is told, and no fault
 * of the deployment.
 */
const selfTestPrecheck = async (api: DeployedApi, region: string): Promise<readonly string[]> => {
  const path = `/v1/instances/${selfTest}`
  demand('The registration of the self-test', await asked(api, 'PUT', path, definitionIn(region)))
  const id = await start(api, `${path}/prechecks`)
  const { items } = await untilCompleted(api, id)
  demand('The removal of the self-test', await asked(api, 'DELETE', path))
  const unjudged = items.filter(({ status }) => !judged.includes(status))
  if (unjudged.length > 0 || items.length === 0) {
    const shown =
      unjudged.map(({ checkItem, status }) => `${checkItem} ${status}`).join(', ') || 'nothing was run'
    throw new DeployFailed(
      `The self-test ended without a verdict: ${shown}.\nLook at the logs of run-check and collect.`,
    )
  }
  return items.map(({ checkItem, status }) => `self-test: ${checkItem} ${status}`)
}

/** Asks the deployed service whether it works; what it found, a line each. Throws `DeployFailed`. */
export const smokeCheck = async (api: DeployedApi, region: string): Promise<readonly string[]> => {
  const health = `health: ${await untilHealthy(api)}`
  if (api.token === null)
    return [health, 'self-test: not run, for there is no token in the file or PRECHECK_TOKEN']
  return [health, ...(await selfTestPrecheck(api, region))]
}
