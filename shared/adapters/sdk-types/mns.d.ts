/**
 * What this product uses of `@alicloud/mns` 1.2.0, which has no types of its own. True to its source: `lib/client.js`,
 * `lib/helper.js`.
 *
 * The SDK puts texts into the XML as they are, so a message body must hold none of `<`, `>` and `&` (base64 does), and
 * it puts receipt handles into the address as they are. It throws an `Error` whose `name` is `MNS<code>Error` for an
 * answer that is an XML error; an answer of any status whose body is not XML (an HTTP 503 of a proxy, say) is *not* an
 * error: look at `code`.
 */
declare module '@alicloud/mns' {
  export interface Credentials {
    readonly accessKeyId: string
    readonly accessKeySecret: string
    readonly securityToken: string
  }

  export interface ClientOptions {
    readonly accessKeyId: string
    readonly accessKeySecret: string
    readonly securityToken?: string
    /** Asked before a request once the token is older than the interval; only if `securityToken` was given. What it throws is swallowed. */
    readonly refreshSTSToken?: () => Promise<Credentials>
    /** Milliseconds; 300,000 by default. */
    readonly refreshSTSTokenInterval?: number
    /** `http://…` or `https://…`; takes the place of `region`, `secure`, `internal` and `vpc`. */
    readonly endpoint?: string
    readonly region?: string
    /** HTTPS; off by default. */
    readonly secure?: boolean
    readonly internal?: boolean
    readonly vpc?: boolean
    /** Milliseconds until the whole answer must be here; 40,000 by default, and zero means the default. */
    readonly readTimeout?: number
    /** Milliseconds; 30,000 by default, and zero means the default. */
    readonly connectTimeout?: number
  }

  export interface Answer<Body> {
    /** The HTTP status, which may be an error's when `body` is undefined. */
    readonly code: number
    readonly headers: Readonly<Record<string, string | undefined>>
    readonly body: Body
  }

  /** Seconds and bytes, as numbers. */
  export interface QueueAttributes {
    readonly DelaySeconds?: number
    readonly MaximumMessageSize?: number
    readonly MessageRetentionPeriod?: number
    readonly VisibilityTimeout?: number
    readonly PollingWaitSeconds?: number
    readonly LoggingEnabled?: boolean
  }

  /** What the service tells of a queue: every value is text. */
  export type QueueDescription = Readonly<Record<string, string | undefined>>

  export interface OutgoingMessage {
    readonly MessageBody: string
    readonly DelaySeconds?: number
    readonly Priority?: number
  }

  export interface SentMessage {
    readonly MessageId: string
    readonly MessageBodyMD5: string
  }

  /** One message of a batch that the service refused while it took others. */
  export interface RefusedMessage {
    readonly ErrorCode: string
    readonly ErrorMessage: string
  }

  /** Every value is text; times are milliseconds since 1970. */
  export interface ReceivedMessage {
    readonly MessageId: string
    readonly ReceiptHandle: string
    readonly MessageBody: string
    readonly MessageBodyMD5: string
    readonly EnqueueTime: string
    readonly NextVisibleTime: string
    readonly FirstDequeueTime: string
    readonly DequeueCount: string
    readonly Priority: string
  }

  /** Every value is text; times are milliseconds since 1970. */
  export interface PeekedMessage {
    readonly MessageId: string
    readonly MessageBody: string
    readonly EnqueueTime: string
  }

  export interface RefusedHandle extends RefusedMessage {
    readonly ReceiptHandle: string
  }

  export interface ChangedVisibility {
    readonly ReceiptHandle: string
    readonly NextVisibleTime: string
  }

  export default class MNS {
    constructor(accountId: string, options: ClientOptions)

    createQueue(name: string, attributes?: QueueAttributes): Promise<Answer<undefined>>
    deleteQueue(name: string): Promise<Answer<undefined>>
    getQueueAttributes(name: string): Promise<Answer<QueueDescription | undefined>>
    setQueueAttributes(name: string, attributes?: QueueAttributes): Promise<Answer<undefined>>
    /** The marker of the next page is dropped; `prefix` is sent only together with `limit`. */
    listQueue(
      start?: string,
      limit?: number,
      prefix?: string,
    ): Promise<Answer<readonly { readonly QueueURL: string }[] | undefined>>

    sendMessage(queue: string, message: OutgoingMessage): Promise<Answer<SentMessage | undefined>>
    /** At most 16 messages. A `TypeError` if the answer is not XML. */
    batchSendMessage(
      queue: string,
      messages: readonly OutgoingMessage[],
    ): Promise<Answer<readonly (SentMessage | RefusedMessage)[]>>
    /** `waitSeconds`: at most 30. Throws `MNSMessageNotExistError` when there is none. */
    receiveMessage(queue: string, waitSeconds?: number): Promise<Answer<ReceivedMessage | undefined>>
    /**
     * At most 16 messages. A `TypeError` if the answer is not XML. A `waitSeconds` of 0 is left out of the request, and
     * then the queue's own time holds; as the text `0` it is sent.
     */
    batchReceiveMessage(
      queue: string,
      numOfMessages: number,
      waitSeconds?: number | `${number}`,
    ): Promise<Answer<readonly ReceivedMessage[]>>
    /** At most 16 messages, which stay visible. Throws `MNSMessageNotExistError` when there is none. */
    batchPeekMessage(queue: string, numOfMessages: number): Promise<Answer<readonly PeekedMessage[]>>
    deleteMessage(queue: string, receiptHandle: string): Promise<Answer<undefined>>
    /** At most 16 handles. The body names those that were refused; it is undefined when all were deleted. */
    batchDeleteMessage(
      queue: string,
      receiptHandles: readonly string[],
    ): Promise<Answer<readonly RefusedHandle[] | undefined>>
    /** Seconds from now. The answer holds the new receipt handle. */
    changeMessageVisibility(
      queue: string,
      receiptHandle: string,
      visibilityTimeout: number,
    ): Promise<Answer<ChangedVisibility | undefined>>
  }
}
