import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import type { Locale } from '../../../shared/model/message.ts'
import {
  answerFailure,
  connectionFailure,
  interrupted,
  notJson,
  otherType,
  tooLarge,
  unknownShape,
} from './request-failures.ts'

/** Limits of one request. */
export interface RequestLimits {
  /** From the connection to the last byte of the answer. */
  readonly timeoutMs: number
  /** Of the answer, uncompressed. */
  readonly maxBytes: number
}

/**
 * The service answers at once whatever a command asks: the time is for a loaded machine and a slow network. It shows a
 * part of what is very much; a result of seven check items takes some MB at most.
 */
export const defaultLimits: RequestLimits = { timeoutMs: 30_000, maxBytes: 32 * 1024 * 1024 }

/** Where the service answers and with what token. */
export interface Access {
  /** Without a slash at its end. */
  readonly url: string
  readonly token: string
  /** Language of the texts of the service; left out: English. */
  readonly locale?: Locale
  readonly limits?: RequestLimits
  /** Aborted when the user wants to wait no longer. */
  readonly signal?: AbortSignal
}

/** A request to the service. */
export interface ApiRequest {
  readonly method: 'GET' | 'PUT' | 'PATCH' | 'POST' | 'DELETE'
  readonly path: string
  readonly body?: unknown
  /** What it changes must still be at this revision; 0: must not be there. */
  readonly revision?: number
  /** Media type of the answer; left out: JSON. */
  readonly accept?: string
  /** What the command line calls the fields of the body, where it is not their name. */
  readonly optionOf?: Readonly<Record<string, string>>
}

const readText = async (response: Response, url: string, maxBytes: number): Promise<string> => {
  const chunks: Uint8Array[] = []
  let bytes = 0
  const body: AsyncIterable<Uint8Array> | null = response.body
  for await (const chunk of body ?? []) {
    bytes += chunk.length
    if (bytes > maxBytes) throw tooLarge(url, maxBytes)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** The answer as text. A redirect is not followed: it leads elsewhere than to the service, with the token. */
export const exchange = async (
  { url, token, locale = 'en', limits: { timeoutMs, maxBytes } = defaultLimits, signal }: Access,
  { method, path, body, revision, accept = 'application/json' }: ApiRequest,
): Promise<{ readonly response: Response; readonly text: string }> => {
  try {
    const response = await fetch(`${url}${path}`, {
      method,
      redirect: 'manual',
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])]),
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        accept,
        'accept-language': locale,
        ...(revision !== undefined && { 'if-match': `"${revision}"` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return { response, text: await readText(response, url, maxBytes) }
  } catch (fault) {
    throw signal?.aborted ? interrupted() : connectionFailure(fault, url, timeoutMs)
  }
}

/** Waits, ms. Rejects with `CommandFailed` where the user wants to wait no longer. */
export const pause = async ({ signal }: Pick<Access, 'signal'>, ms: number): Promise<void> => {
  try {
    await sleep(ms, undefined, signal && { signal })
  } catch {
    throw interrupted()
  }
}

/** The value of a JSON text; undefined where it is not valid JSON, since no JSON text means that. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const TooMany = z.object({ code: z.literal('REQUESTS_TOO_MANY') })

/**
 * How long the service wants to be left alone, ms, where its token made too many requests in a minute: it has not
 * looked at the request, which may be sent again whatever it asks for. Null: it was looked at.
 */
const waitMsOf = ({ status, headers }: Response, json: unknown): number | null => {
  const seconds = Number(headers.get('retry-after'))
  return status === 429 && seconds > 0 && TooMany.safeParse(json).success ? seconds * 1000 : null
}

/** Sends a request and reads the answer by its schema. Throws `CommandFailed`, whatever goes wrong. */
export const send = async <Schema extends z.ZodType>(
  access: Access,
  request: ApiRequest,
  schema: Schema,
): Promise<z.output<Schema>> => {
  const { response, text } = await exchange(access, request)
  const json = parseJson(text)
  const waitMs = waitMsOf(response, json)
  if (waitMs !== null) {
    await pause(access, waitMs)
    return send(access, request, schema)
  }
  if (!response.ok) throw answerFailure(access.url, response.status, json, request.optionOf)
  if (json === undefined && text !== '') throw notJson(access.url, response.status)
  const parsed = schema.safeParse(json)
  if (!parsed.success) throw unknownShape(access.url, parsed.error)
  return parsed.data
}

/** A text that the service writes, and where the rest of it is; null: nowhere. */
export interface Text {
  readonly text: string
  readonly next: string | null
}

/** Reads something in another media type than JSON. Throws `CommandFailed`, whatever goes wrong. */
export const readAs = async (access: Access, path: string, accept: string): Promise<Text> => {
  const { response, text } = await exchange(access, { method: 'GET', path, accept })
  if (!response.ok) throw answerFailure(access.url, response.status, parseJson(text))
  const type = response.headers.get('content-type') ?? 'nothing'
  if (!type.startsWith(`${accept};`)) throw otherType(access.url, accept, type)
  const next = /^<([^>]+)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1]
  return { text, next: next ?? null }
}
