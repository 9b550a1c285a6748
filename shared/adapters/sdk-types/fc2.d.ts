/**
 * What this product uses of `@alicloud/fc2` 2.6.6, which has no types of its own. True to its source: `lib/client.js`.
 *
 * An answer outside 200 … 299 is thrown as an `Error` with `name` = `FC<ErrorCode>Error` and `code` = `ErrorCode` of
 * the body. A body without `ErrorCode` (that of FC 3.0 has `Code`) gives the name `FCundefinedError` and no code. A
 * function that failed is no error: HTTP 200 with the header `x-fc-error-type`.
 */
declare module '@alicloud/fc2' {
  import type { IncomingHttpHeaders } from 'node:http'

  export interface ClientOptions {
    readonly accessKeyID: string
    readonly accessKeySecret: string
    /** Used only if `accessKeyID` begins with `STS`, and required then. */
    readonly securityToken?: string
    readonly region: string
    /** HTTPS; off by default. */
    readonly secure?: boolean
    readonly internal?: boolean
    readonly endpoint?: string
    /** Milliseconds, to connect and to answer; 60,000 by default. */
    readonly timeout?: number
    /** Sent with every request. */
    readonly headers?: Readonly<Record<string, string>>
  }

  export interface Answer {
    readonly headers: IncomingHttpHeaders
    /** A parsed value if the answer says `application/json`, else text; with `rawBuf` a `Buffer`, unless the function failed. */
    readonly data: unknown
  }

  export interface RequestOptions {
    readonly rawBuf?: boolean
  }

  export default class FunctionComputeClient {
    constructor(accountId: string, options: ClientOptions)

    /** The version in every address; `2016-08-15` at first. Not an option of the constructor: set it to speak another. */
    version: string

    get(
      path: string,
      query?: Readonly<Record<string, string>>,
      headers?: Readonly<Record<string, string>>,
    ): Promise<Answer>
    /** `body`: bytes and texts go as they are, anything else as JSON. */
    post(
      path: string,
      body?: unknown,
      headers?: Readonly<Record<string, string>>,
      query?: Readonly<Record<string, string>> | null,
      options?: RequestOptions,
    ): Promise<Answer>
    invokeFunction(
      serviceName: string,
      functionName: string,
      event?: string | Buffer,
      headers?: Readonly<Record<string, string>>,
      qualifier?: string,
      options?: RequestOptions,
    ): Promise<Answer>
  }
}
