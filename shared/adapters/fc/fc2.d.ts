/** The part of `@alicloud/fc2` 2.6.6 that is used; the package has no types. */
declare module '@alicloud/fc2' {
  interface Settings {
    readonly accessKeyID: string
    readonly accessKeySecret: string
    readonly securityToken?: string
    readonly region: string
    /** https; without it the client speaks plain http. */
    readonly secure?: boolean
    readonly endpoint?: string
    /** Of connecting, and again of the whole answer, ms. */
    readonly timeout?: number
    readonly headers?: Readonly<Record<string, string>>
  }

  interface Answer {
    readonly headers: Readonly<Record<string, string | undefined>>
    /** Parsed if the answer says that it is JSON; else a Buffer, or a string with `x-fc-error-type`. */
    readonly data: unknown
  }

  interface Options {
    /** Gives the body as a Buffer instead of a UTF-8 string. */
    readonly rawBuf?: boolean
  }

  type Headers = Readonly<Record<string, string>>

  export default class Client {
    constructor(accountId: string, settings: Settings)
    /** Version of the API, the first part of every path. */
    version: string
    post(
      path: string,
      body: Buffer,
      headers: Headers,
      query: Readonly<Record<string, string>>,
      options: Options,
    ): Promise<Answer>
    invokeFunction(
      service: string,
      functionName: string,
      event: Buffer,
      headers: Headers,
      qualifier: string | undefined,
      options: Options,
    ): Promise<Answer>
  }
}
