import type { Disturbance } from '../emulators/fc/queue-trigger.ts'
import type { FanOut } from '../../shared/model/fan-out.ts'
import { type SweepClocks, nights } from '../../shared/ports/sweeps.ts'
import type { AnswerJson } from './answer-json.ts'
import type { Strikes } from './strikes.ts'

/** The whole service behind its REST API, on some kind of ports, and what tests can do to it. */
export interface Service {
  readonly url: string
  /** Bearer token of scope `admin`. */
  readonly token: string
  /** Where the functions find the password of the stand-ins. */
  readonly passwordReference: string
  /** Where they find `robotToken`. */
  readonly robotReference: string
  /** One round of the schedule. */
  readonly tick: () => Promise<void>
  /** Makes it believe that everything due until then has been dealt with. */
  readonly setClock: (through: Date) => Promise<void>
  /** Sets what happens to messages between a queue and its function, from now on. */
  readonly disturb: (disturbance: Disturbance) => void
  /** Deaths of the collector at its writes. */
  readonly strikes: Pick<Strikes, 'plan' | 'isStruck'>
  readonly close: () => Promise<void>
}

/** Secret part of the address of a robot. */
export const robotToken = 'robot_token-0.1'

/** Sets how far the nights have been dealt with. */
export const setClockOf =
  ({ update }: Pick<SweepClocks, 'update'>) =>
  (through: Date): Promise<void> =>
    update(nights, () => ({ put: { through: through.toISOString(), walk: null }, value: undefined }))

export interface ServiceOptions {
  /** The password behind `passwordReference`. */
  readonly password: string
  /** Limits that no precheck comes near unless a test means it to, however busy the machine is, if left out. */
  readonly deadlineSeconds?: number
  readonly itemSeconds?: number
  /** How database items are carried out where the service leaves it open; what is usual for its ports if left out. */
  readonly fanOut?: FanOut
  /** Port of a mail server on loopback that wants neither TLS nor a login; left out: no mail is sent. */
  readonly mailPort?: number
}

/** Starts a service of one kind. */
export type StartService = (options: ServiceOptions) => Promise<Service>

/** A disturbance that can be replaced while messages pass. */
export const replaceable = () => {
  let current: Disturbance = (push) => push
  const disturb: Disturbance = (push) => (bodies) => current(push)(bodies)
  return {
    disturb,
    replace: (next: Disturbance) => {
      current = next
    },
  }
}

/** An answer of the REST API. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly json: AnswerJson
}

/** Sends a request to the REST API, whatever the answer. */
export const ask = async (
  { url, token }: Pick<Service, 'url' | 'token'>,
  method: string,
  path: string,
  {
    body,
    headers = {},
  }: { readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<Answer> => {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') ?? false
  return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : null }
}
