import * as z from 'zod'
import type { Text } from '../../../shared/model/message.ts'
import { CommandFailed } from './command-failed.ts'
import { version } from './version.ts'

/** Code of what the user ended. */
export const interruptedCode = 'INTERRUPTED'

/** `fetch` fails with a TypeError; what happened is its cause, with a code of Node.js, OpenSSL or undici as a rule. */
const Caused = z.object({ cause: z.object({ code: z.string().default(''), message: z.string() }) })

const causeOf = (fault: unknown): { readonly code: string; readonly message: string } =>
  Caused.safeParse(fault).data?.cause ?? { code: '', message: fault instanceof Error ? fault.message : '' }

const isTimeout = (fault: unknown, code: string): boolean =>
  (fault instanceof Error && fault.name === 'TimeoutError') || /TIMEOUT|TIMEDOUT/.test(code)

/** Certificates whose authority this machine does not know (OpenSSL, X509_verify_cert_error_string). */
const isUnknownAuthority = (code: string): boolean => /SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY)/.test(code)

const start: Text = {
  en: 'Start it with "npm start", or set PRECHECK_URL.',
  zh: '请用 npm start 启动服务，或设置 PRECHECK_URL。',
}
const check: Text = { en: 'Check PRECHECK_URL.', zh: '请检查 PRECHECK_URL。' }

const connectionText = (fault: unknown, url: string, timeoutMs: number): Text => {
  const { code, message } = causeOf(fault)
  if (isTimeout(fault, code)) {
    const limit = timeoutMs / 1000
    return {
      en: `The service at ${url} did not answer within ${limit} s. Check PRECHECK_URL, or use a longer --timeout.`,
      zh: `${url} 的服务在 ${limit} 秒内没有响应。请检查 PRECHECK_URL，或用 --timeout 延长时限。`,
    }
  }
  if (code === 'ECONNREFUSED')
    return { en: `No service answers at ${url}. ${start.en}`, zh: `${url} 没有服务响应。${start.zh}` }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return {
      en: `The host name in ${url} cannot be resolved (${code}). ${check.en}`,
      zh: `无法解析 ${url} 中的主机名（${code}）。${check.zh}`,
    }
  if (isUnknownAuthority(code))
    return {
      en: `The certificate of ${url} is not trusted (${code}). Set NODE_EXTRA_CA_CERTS to a file with its authority.`,
      zh: `${url} 的证书不受信任（${code}）。请将 NODE_EXTRA_CA_CERTS 设为其 CA 证书文件。`,
    }
  if (/CERT/.test(code))
    return {
      en: `The certificate of ${url} is not valid (${code}). Renew it, or set PRECHECK_URL to the name in it.`,
      zh: `${url} 的证书无效（${code}）。请更新证书，或将 PRECHECK_URL 改为证书中的名称。`,
    }
  return code === ''
    ? {
        en: `No service answers at ${url} (${message}). ${check.en}`,
        zh: `${url} 没有服务响应（${message}）。${check.zh}`,
      }
    : {
        en: `The connection to ${url} was interrupted (${code}). Try again, or check that PRECHECK_URL points to the service.`,
        zh: `与 ${url} 的连接中断（${code}）。请重试，或检查 PRECHECK_URL 是否指向服务。`,
      }
}

/** The user wants to wait no longer. */
export const interrupted = (): CommandFailed =>
  new CommandFailed({ en: 'Interrupted.', zh: '已中断。' }, interruptedCode)

/** A request that got no answer, or not the whole of it. */
export const connectionFailure = (fault: unknown, url: string, timeoutMs: number): CommandFailed =>
  fault instanceof CommandFailed
    ? fault
    : new CommandFailed(connectionText(fault, url, timeoutMs), 'NO_ANSWER')

const isItTheService: Text = {
  en: 'Check that PRECHECK_URL points to the service.',
  zh: '请检查 PRECHECK_URL 是否指向服务。',
}

/** An answer that has more bytes than a service would send. */
export const tooLarge = (url: string, maxBytes: number): CommandFailed =>
  new CommandFailed(
    {
      en: `The answer of ${url} is larger than ${maxBytes} bytes. ${isItTheService.en}`,
      zh: `${url} 的响应超过 ${maxBytes} 字节。${isItTheService.zh}`,
    },
    'ANSWER_TOO_LARGE',
  )

/** An answer that is something else, such as the page of a proxy. */
export const notJson = (url: string, status: number): CommandFailed =>
  new CommandFailed(
    {
      en: `The answer of ${url} is not valid JSON (status ${status}). ${isItTheService.en}`,
      zh: `${url} 的响应不是有效的 JSON（状态码 ${status}）。${isItTheService.zh}`,
    },
    'ANSWER_NOT_JSON',
  )

/** An answer in another media type than was asked for. */
export const otherType = (url: string, wanted: string, type: string): CommandFailed =>
  new CommandFailed(
    {
      en: `The service at ${url} answers with ${type}, not ${wanted}. Does it have another version than precheck ${version}?`,
      zh: `${url} 的服务返回 ${type}，而不是 ${wanted}。其版本是否与 precheck ${version} 不同？`,
    },
    'ANSWER_INVALID',
  )

/** An answer in JSON that does not have the fields that it should have. */
export const unknownShape = (url: string, { issues }: z.ZodError): CommandFailed => {
  const [first] = issues
  const where = first && first.path.length > 0 ? `, at ${first.path.join('.')}` : ''
  return new CommandFailed(
    {
      en: `precheck ${version} does not understand the answer of ${url}${where}. Does the service have another version?`,
      zh: `precheck ${version} 无法理解 ${url} 的响应${where}。服务的版本是否不同？`,
    },
    'ANSWER_INVALID',
  )
}

const Problem = z.looseObject({
  detail: z.string().regex(/[\p{L}\p{N}]/u),
  code: z.string(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
})

const otherVersion: Text = {
  en: `The service does not know this request. Does PRECHECK_URL lead to it, and is it as new as precheck ${version}?`,
  zh: `服务不认识该请求。PRECHECK_URL 是否指向服务，其版本是否不低于 precheck ${version}？`,
}

/** Problems that the service explains in words of HTTP, or whose next step is a command. */
const words: Readonly<Record<string, (detail: string) => Text>> = {
  TOKEN_INVALID: () => ({
    en:
      'The service does not accept the token. Set PRECHECK_TOKEN to one of its tokens; ' +
      'the first is in the file admin-token of its data folder.',
    zh: '服务不接受该令牌。请将 PRECHECK_TOKEN 设为服务的令牌；首个令牌位于其数据目录的 admin-token 文件中。',
  }),
  SCOPE_MISSING: (detail) => ({
    en: `${detail} Set PRECHECK_TOKEN to a token with that scope.`,
    zh: `令牌权限不足。请使用具有所需权限的令牌（PRECHECK_TOKEN）。${detail}`,
  }),
  FIELDS_INVALID: () => ({ en: 'The service does not accept these values:', zh: '服务不接受以下取值：' }),
  INSTANCE_NOT_FOUND: (detail) => ({
    en: `${detail} "precheck instances" lists what is registered.`,
    zh: `没有注册该实例。precheck instances 可列出已注册的实例。`,
  }),
  NO_LAST_RESULT: () => ({
    en: 'The instance has no completed full precheck. Start one: precheck run <instance-id>',
    zh: '该实例还没有完成过完整的预检。请执行：precheck run <实例 ID>',
  }),
  DATABASE_NOT_FOUND: (detail) => ({
    en: `${detail} "precheck last <instance-id>" lists them; without --database it is about all.`,
    zh: '上次结果中没有该数据库。precheck last <实例 ID> 可列出数据库；不加 --database 则针对全部。',
  }),
  NOT_VALIDATED: () => ({
    en: 'The instance has not been validated yet: precheck validate <instance-id>',
    zh: '该实例尚未验证：precheck validate <实例 ID>',
  }),
  PRECHECK_NOT_FOUND: (detail) => ({
    en: `${detail} "precheck history <instance-id>" lists those of an instance.`,
    zh: '没有该预检。precheck history <实例 ID> 可列出实例的预检。',
  }),
  CHECK_ITEM_NOT_FOUND: () => ({
    en: 'There is no such check item. "precheck check-items" lists them.',
    zh: '没有该检查项。precheck check-items 可列出检查项。',
  }),
  SWEEP_NOT_FOUND: () => ({
    en: 'There is no such sweep. "precheck sweeps" lists them.',
    zh: '没有该巡检。precheck sweeps 可列出巡检。',
  }),
  POLICY_NOT_FOUND: () => ({
    en: 'There is no such policy. "precheck policy list" lists them.',
    zh: '没有该策略。precheck policy list 可列出策略。',
  }),
  WEBHOOK_NOT_FOUND: () => ({
    en: 'There is no such webhook. "precheck webhook list" lists them.',
    zh: '没有该 Webhook。precheck webhook list 可列出 Webhook。',
  }),
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
      ? { en: 'redirects to another address', zh: '重定向到其他地址' }
      : { en: 'returned an error that does not come from the service', zh: '返回了并非来自服务的错误' }
    return new CommandFailed(
      {
        en: `${url} ${what.en} (status ${status}). Check that PRECHECK_URL points to the service and not to a proxy.`,
        zh: `${url} ${what.zh}（状态码 ${status}）。请检查 PRECHECK_URL 指向的是服务而不是代理。`,
      },
      'UNEXPECTED_STATUS',
    )
  }
  const { detail, code, ...context } = problem.data
  const { errors = [] } = context
  const fields = (whole: string): string =>
    errors
      .map(({ field, message }) => `\n  ${lookUp(optionOf, field) ?? (field || whole)}: ${message}`)
      .join('')
  const { en, zh } = lookUp(words, code)?.(detail) ?? { en: detail, zh: detail }
  return new CommandFailed({ en: en + fields('(everything)'), zh: zh + fields('（全部）') }, code, context)
}
