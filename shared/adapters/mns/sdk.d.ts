/** The part of the SDK that is used, as version 1.2.0 behaves; it ships no types. What is answered is `unknown` until a schema read it. */
declare module '@alicloud/mns' {
  namespace MNS {
    interface Options {
      readonly accessKeyId: string
      readonly accessKeySecret: string
      readonly securityToken?: string
      /** `http://` or `https://` and a host; otherwise the endpoint follows from `region`. */
      readonly endpoint?: string
      readonly region?: string
      /** HTTPS where the endpoint follows from `region`; the SDK's default is HTTP. */
      readonly secure?: boolean
      /** Time for the whole answer, ms. */
      readonly readTimeout?: number
      /** Time that a socket may be silent, ms, whatever the name says: it must outlast a long poll. */
      readonly connectTimeout?: number
    }

    interface Answer {
      readonly code: number
      /** The few that the SDK keeps: `location` of a created queue. */
      readonly headers: Readonly<Record<string, string | undefined>>
      readonly body: unknown
    }

    /** Names and values of `<Queue>`, as "CreateQueue" of the manual lists them. */
    type Attributes = Readonly<Record<string, number | boolean>>

    interface Message {
      /** Neither escaped nor encoded by the SDK. */
      readonly MessageBody: string
      readonly DelaySeconds?: number
      /** 1 is the most urgent, 16 the least; 8 by default. */
      readonly Priority?: number
    }
  }

  class MNS {
    constructor(accountId: string, options: MNS.Options)
    createQueue(queue: string, attributes?: MNS.Attributes): Promise<MNS.Answer>
    getQueueAttributes(queue: string): Promise<MNS.Answer>
    setQueueAttributes(queue: string, attributes: MNS.Attributes): Promise<MNS.Answer>
    deleteQueue(queue: string): Promise<MNS.Answer>
    /** Fails in Node's HTTP client when `limit` is given and `prefix` is not. */
    listQueue(start?: string, limit?: number, prefix?: string): Promise<MNS.Answer>
    sendMessage(queue: string, message: MNS.Message): Promise<MNS.Answer>
    batchSendMessage(queue: string, messages: readonly MNS.Message[]): Promise<MNS.Answer>
    receiveMessage(queue: string, waitSeconds?: number): Promise<MNS.Answer>
    batchReceiveMessage(queue: string, count: number, waitSeconds?: number): Promise<MNS.Answer>
    peekMessage(queue: string): Promise<MNS.Answer>
    batchPeekMessage(queue: string, count: number): Promise<MNS.Answer>
    deleteMessage(queue: string, receiptHandle: string): Promise<MNS.Answer>
    batchDeleteMessage(queue: string, receiptHandles: readonly string[]): Promise<MNS.Answer>
    changeMessageVisibility(queue: string, receiptHandle: string, seconds: number): Promise<MNS.Answer>
  }

  export = MNS
}
