import * as z from 'zod'
import { CommandFailed } from './command-failed.ts'
import { version } from './version.ts'

/** `fetch` fails with a TypeError; what happened is its cause, with a code of Node.js, OpenSSL or undici as a rule. */
const Caused = z.object({ cause: z.object({ code: z.string().default(''), message: z.string() }) })

const causeOf = (fault: unknown): { readonly code: string; readonly message: string } =>
  Caused.safeParse(fault).data?.cause ?? { code: '', message: fault instanceof Error ? fault.message : '' }

const isTimeout = (fault: unknown, code: string): boolean =>
  (fault instanceof Error && fault.name === 'TimeoutError') || /TIMEOUT|TIMEDOUT/.test(code)

/** Certificates whose authority this machine does not know (OpenSSL, X509_verify_cert_error_string). */
const isUnknownAuthority = (code: string): boolean => /SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY)/.test(code)

const connectionText = (fault: unknown, url: string, timeoutMs: number): string => {
  const { code, message } = causeOf(fault)
  if (isTimeout(fault, code)) {
    const limit = `${timeoutMs / 1000} s`
    return `The service at ${url} did not answer within ${limit}. Check PRECHECK_URL, or use a longer --timeout.`
  }
  if (code === 'ECONNREFUSED') {
    return `No service answers at ${url}. Start it with "npm start", or set PRECHECK_URL.`
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return `The host name in ${url} cannot be resolved (${code}). Check PRECHECK_URL.`
  }
  if (isUnknownAuthority(code)) {
    return `The certificate of ${url} is not trusted (${code}). Set NODE_EXTRA_CA_CERTS to a file with its authority.`
  }
  if (/CERT/.test(code)) {
    return `The certificate of ${url} is not valid (${code}). Renew it, or set PRECHECK_URL to the name in it.`
  }
  return code === ''
    ? `No service answers at ${url} (${message}). Check PRECHECK_URL.`
    : `The connection to ${url} was interrupted (${code}). Try again, or check that PRECHECK_URL points to the service.`
}

/** A request that got no answer, or not the whole of it. */
export const connectionFailure = (fault: unknown, url: string, timeoutMs: number): CommandFailed =>
  fault instanceof CommandFailed
    ? fault
    : new CommandFailed(connectionText(fault, url, timeoutMs), 'NO_ANSWER')

/** An answer that has more bytes than a service would send. */
export const tooLarge = (url: string, maxBytes: number): CommandFailed =>
  new CommandFailed(
    `The answer of ${url} is larger than ${maxBytes} bytes. Check that PRECHECK_URL points to the service.`,
    'ANSWER_TOO_LARGE',
  )

/** An answer that is something else, such as the page of a proxy. */
export const notJson = (url: string, status: number): CommandFailed =>
  new CommandFailed(
    `The answer of ${url} is not valid JSON (status ${status}). Check that PRECHECK_URL points to the service.`,
    'ANSWER_NOT_JSON',
  )

/** An answer in another media type than was asked for. */
export const otherType = (url: string, wanted: string, type: string): CommandFailed =>
  new CommandFailed(
    `The service at ${url} answers with ${type}, not ${wanted}. Does it have another version than precheck ${version}?`,
    'ANSWER_INVALID',
  )

/** An answer in JSON that does not have the fields that it should have. */
export const unknownShape = (url: string, { issues }: z.ZodError): CommandFailed => {
  const [first] = issues
  const where = first && first.path.length > 0 ? `, at ${first.path.join('.')}` : ''
  return new CommandFailed(
    `precheck ${version} does not understand the answer of ${url}${where}. Does the service have another version?`,
    'ANSWER_INVALID',
  )
}

const Problem = z.looseObject({
  detail: z.string().regex(/[\p{L}\p{N}]/u),
  code: z.string(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
})

const otherVersion =
  'The service does not know this request. ' +
  `Does PRECHECK_URL lead to it, and is it as new as precheck ${version}?`

/** Problems that the service explains in words of HTTP, or whose next step is a command. */
const words: Readonly<Record<string, (detail: string) => string>> = {
  TOKEN_INVALID: () =>
    'The service does not accept the token. Set PRECHECK_TOKEN to one of its tokens; ' +
    'the first is in the file admin-token of its data folder.',
  SCOPE_MISSING: (detail) => `${detail} Set PRECHECK_TOKEN to a token with that scope.`,
  FIELDS_INVALID: () => 'The service does not accept these values:',
  INSTANCE_NOT_FOUND: (detail) => `${detail} "precheck instances" lists what is registered.`,
  NO_LAST_RESULT: () => 'The instance has no completed full precheck. Start one: precheck run <instance-id>',
  DATABASE_NOT_FOUND: (detail) =>
    `${detail} "precheck last <instance-id>" lists them; without --database it is about all.`,
  PATH_NOT_FOUND: () => otherVersion,
  METHOD_NOT_ALLOWED: () => otherVersion,
}

/** A key from outside may be the name of something that every object has. */
const lookUp = <Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined

const isRedirect = (status: number): boolean => status >= 300 && status < 400

/** An answer that is an error: a problem document (RFC 9457) of the service, or the page of a proxy. */
export const answerFailure = (
  url: string,
  status: number,
  body: unknown,
  optionOf: Readonly<Record<string, string>> = {},
): CommandFailed => {
  const problem = Problem.safeParse(body)
  if (!problem.success) {
    const what = isRedirect(status)
      ? 'redirects to another address'
      : 'returned an error that does not come from the service'
    const ask = 'Check that PRECHECK_URL points to the service and not to a proxy.'
    return new CommandFailed(`${url} ${what} (status ${status}). ${ask}`, 'UNEXPECTED_STATUS')
  }
  const { detail, code, errors = [], ...context } = problem.data
  const fields = errors.map(
    ({ field, message }) => `\n  ${lookUp(optionOf, field) ?? (field || '(everything)')}: ${message}`,
  )
  return new CommandFailed((lookUp(words, code)?.(detail) ?? detail) + fields.join(''), code, context)
}
