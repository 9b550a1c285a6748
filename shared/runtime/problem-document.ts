import { type Failure, type FailureCode, inEveryLanguage } from '../model/failure.ts'
import type { Locale, Text } from '../model/message.ts'
import type { HttpResponse } from './http.ts'

/** Problems of the HTTP edge itself, beside the reasons for which use cases decline. */
export type EdgeCode =
  | 'BODY_INVALID'
  | 'BODY_TOO_DEEP'
  | 'BODY_TOO_LARGE'
  | 'CONTENT_TYPE_UNSUPPORTED'
  | 'FIELDS_INVALID'
  | 'HEADERS_TOO_LARGE'
  | 'METHOD_NOT_ALLOWED'
  | 'ORIGIN_REFUSED'
  | 'PATH_NOT_FOUND'
  | 'PRECONDITION_FAILED'
  | 'REQUESTS_TOO_MANY'
  | 'REQUEST_MALFORMED'
  | 'REQUEST_TIMEOUT'
  | 'SCOPE_MISSING'
  | 'STORE_FULL'
  | 'STORE_UNAVAILABLE'
  | 'TOKEN_INVALID'
  | 'UNEXPECTED'
  | 'WRONG_TOKENS_TOO_MANY'

export type ProblemCode = FailureCode | EdgeCode

/** Status and title of every problem; the title says what kind of problem it is and never changes. */
export const problemKinds: Readonly<Record<ProblemCode, { readonly status: number; readonly title: Text }>> =
  {
    ACKNOWLEDGEMENT_INVALID: {
      status: 422,
      title: { en: 'The acknowledgement is not accepted', zh: '不接受该确认' },
    },
    ACKNOWLEDGEMENT_NOT_FOUND: { status: 404, title: { en: 'No such acknowledgement', zh: '没有该确认' } },
    BACKUP_REPORTED_OTHERWISE: {
      status: 409,
      title: { en: 'The backup was reported otherwise before', zh: '该备份此前报告的结果不同' },
    },
    BODY_INVALID: { status: 400, title: { en: 'The body is not valid JSON', zh: '请求体不是有效的 JSON' } },
    BODY_TOO_DEEP: { status: 400, title: { en: 'The body is nested too deeply', zh: '请求体嵌套过深' } },
    BODY_TOO_LARGE: { status: 413, title: { en: 'The body is too large', zh: '请求体过大' } },
    CHECK_ITEM_NOT_FOUND: { status: 404, title: { en: 'No such check item', zh: '没有该检查项' } },
    CHECK_ITEM_NOT_APPLICABLE: {
      status: 422,
      title: { en: 'No such check item for this engine', zh: '该引擎没有此检查项' },
    },
    CONTENT_TYPE_UNSUPPORTED: {
      status: 415,
      title: { en: 'The body must be JSON', zh: '请求体必须是 JSON' },
    },
    DATABASE_NOT_FOUND: {
      status: 404,
      title: { en: 'No such database in the last result', zh: '上次结果中没有该数据库' },
    },
    DELIVERY_NOT_FOUND: { status: 404, title: { en: 'No such delivery', zh: '没有该投递' } },
    DELIVERY_PENDING: { status: 409, title: { en: 'The delivery is still pending', zh: '该投递尚未结束' } },
    FIELDS_INVALID: { status: 422, title: { en: 'Some fields are not valid', zh: '部分字段无效' } },
    HEADERS_TOO_LARGE: { status: 431, title: { en: 'The headers are too large', zh: '请求头过大' } },
    IDEMPOTENCY_KEY_REUSED: {
      status: 422,
      title: { en: 'The idempotency key was used for another request', zh: '该幂等键已用于另一请求' },
    },
    NOT_VALIDATED: {
      status: 404,
      title: { en: 'The instance has not been validated', zh: '该实例尚未验证' },
    },
    INSTANCE_CHANGED: {
      status: 409,
      title: { en: 'The instance has changed in the meantime', zh: '实例已被修改' },
    },
    INSTANCE_NOT_FOUND: { status: 404, title: { en: 'No such instance', zh: '没有该实例' } },
    LAST_ADMIN_TOKEN: {
      status: 409,
      title: { en: 'The last token of scope admin stays', zh: '最后一个 admin 令牌须保留' },
    },
    METHOD_NOT_ALLOWED: {
      status: 405,
      title: { en: 'The method is not allowed on this path', zh: '该路径不允许此方法' },
    },
    NO_LAST_RESULT: {
      status: 404,
      title: { en: 'The instance has no last result yet', zh: '该实例还没有结果' },
    },
    ORIGIN_REFUSED: {
      status: 403,
      title: { en: 'The request comes from another page', zh: '请求来自其他页面' },
    },
    PATH_NOT_FOUND: { status: 404, title: { en: 'No such path', zh: '没有该路径' } },
    PRECHECK_NOT_FOUND: { status: 404, title: { en: 'No such precheck', zh: '没有该预检' } },
    PRECHECK_RUNNING: {
      status: 409,
      title: { en: 'A precheck of the instance is running', zh: '该实例的预检正在运行' },
    },
    PRECONDITION_FAILED: {
      status: 412,
      title: { en: 'The revision does not match If-Match', zh: '版本与 If-Match 不符' },
    },
    REQUESTS_TOO_MANY: {
      status: 429,
      title: { en: 'The token has made too many requests', zh: '该令牌的请求过多' },
    },
    REQUEST_MALFORMED: {
      status: 400,
      title: { en: 'The request is not valid HTTP', zh: '不是有效的 HTTP 请求' },
    },
    REQUEST_TIMEOUT: {
      status: 408,
      title: { en: 'The request did not arrive in time', zh: '请求未及时到达' },
    },
    SCOPE_MISSING: { status: 403, title: { en: 'The token does not allow this', zh: '令牌权限不足' } },
    SECRET_REFUSED: {
      status: 422,
      title: { en: 'The reference of a secret is not allowed', zh: '不允许该密码引用' },
    },
    SESSION_NOT_FOUND: { status: 404, title: { en: 'No session', zh: '没有会话' } },
    SESSION_NOT_RENEWED: {
      status: 409,
      title: { en: 'A session is not opened by another one', zh: '不能用会话开启另一个会话' },
    },
    STORE_FULL: { status: 503, title: { en: 'The store is full', zh: '存储空间已满' } },
    STORE_UNAVAILABLE: { status: 503, title: { en: 'The store is unavailable', zh: '存储不可用' } },
    SWEEP_NOT_FOUND: { status: 404, title: { en: 'No such sweep', zh: '没有该巡检' } },
    TOKEN_INVALID: { status: 401, title: { en: 'A valid token is required', zh: '需要有效的令牌' } },
    TOKEN_NOT_FOUND: { status: 404, title: { en: 'No such token', zh: '没有该令牌' } },
    UNEXPECTED: { status: 500, title: { en: 'The request could not be served', zh: '无法处理该请求' } },
    POLICY_NOT_FOUND: { status: 404, title: { en: 'No such policy', zh: '没有该策略' } },
    POLICY_CHANGED: {
      status: 409,
      title: { en: 'The policy has changed in the meantime', zh: '策略已被修改' },
    },
    POLICIES_TOO_MANY: {
      status: 409,
      title: { en: 'The maximum number of policies is reached', zh: '策略数量已达上限' },
    },
    WEBHOOKS_TOO_MANY: {
      status: 409,
      title: { en: 'The maximum number of webhooks is reached', zh: 'Webhook 数量已达上限' },
    },
    WEBHOOK_CHANGED: {
      status: 409,
      title: { en: 'The webhook has changed in the meantime', zh: 'Webhook 已被修改' },
    },
    WEBHOOK_DISABLED: { status: 409, title: { en: 'The webhook is disabled', zh: 'Webhook 已停用' } },
    WEBHOOK_KEY_UNAVAILABLE: {
      status: 503,
      title: { en: 'The key of the webhook secrets cannot be read', zh: '无法读取 Webhook 签名密钥的主密钥' },
    },
    WEBHOOK_NOT_FOUND: { status: 404, title: { en: 'No such webhook', zh: '没有该 Webhook' } },
    WEBHOOK_NOT_SIGNED: {
      status: 422,
      title: {
        en: 'Webhooks of this format are not signed with a secret of this service',
        zh: '该格式的 Webhook 不用本服务的密钥签名',
      },
    },
    WEBHOOK_REFUSED: {
      status: 422,
      title: { en: 'The address of the webhook is not allowed', zh: '不允许该 Webhook 地址' },
    },
    WRONG_TOKENS_TOO_MANY: {
      status: 429,
      title: { en: 'Too many wrong tokens came from this address', zh: '该地址发送的错误令牌过多' },
    },
  }

/** Ends a request with a problem document. The only error that reaches the caller with its text. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem'
  readonly failure: Failure<ProblemCode>
  readonly headers: Readonly<Record<string, string>>

  constructor(failure: Failure<ProblemCode>, headers: Readonly<Record<string, string>> = {}) {
    super(inEveryLanguage(failure.detail).en)
    this.failure = failure
    this.headers = headers
  }
}

/** The type of a problem document (RFC 9457) by its code: a name, not an address; `detail` says what to do. */
export const problemType = (code: string): string =>
  `urn:backup-precheck:problem:${code.toLowerCase().replaceAll('_', '-')}`

/** Writes a problem as RFC 9457 asks, in the language of the caller. */
export const problemResponse = (
  { failure, headers }: HttpProblem,
  requestId: string,
  locale: Locale,
): HttpResponse => {
  const { code, detail, context, errors } = failure
  const { status, title } = problemKinds[code]
  const document = {
    type: problemType(code),
    title: title[locale],
    status,
    detail: inEveryLanguage(detail)[locale],
    code,
    requestId,
    ...context,
    ...(errors && { errors: errors.map(({ field, message }) => ({ field, message: message[locale] })) }),
  }
  return {
    status,
    headers,
    content: { type: 'application/problem+json; charset=utf-8', text: JSON.stringify(document) },
  }
}
