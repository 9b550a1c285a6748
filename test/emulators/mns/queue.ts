import { createHash } from 'node:crypto'
import type { DlqPolicy, QueueAttributes } from './attributes.ts'
import { Refusal } from './refusal.ts'

/** A message in a queue. Times in ms by the emulator's clock. */
export interface StoredMessage {
  readonly id: string
  readonly body: string
  readonly bodyMd5: string
  readonly priority: number
  readonly enqueuedAt: number
  /** Delivered, peeked at and counted as active from here on. */
  visibleAt: number
  firstDequeuedAt: number
  dequeueCount: number
  /** The one handle that is good until `visibleAt`. */
  receiptHandle: string
}

/** A message as it is sent. */
export interface OutgoingMessage {
  readonly body: string
  readonly delaySeconds?: number
  readonly priority: number
}

const priorities = Array.from({ length: 16 }, (_, index) => index + 1)

const receiptShape = /^\d+-[A-Za-z0-9+/]+={0,2}$/

let issued = 0
const nextId = (): string => {
  issued += 1
  return issued.toString(16).toUpperCase().padStart(32, '0')
}

/** A queue of the emulator. It has no timers: what is due is found when somebody looks. */
export class EmulatedQueue {
  readonly name: string
  readonly createdAt: number
  modifiedAt: number
  attributes: QueueAttributes
  dlqPolicy: DlqPolicy | null = null
  readonly #lanes = new Map<number, Map<string, StoredMessage>>()
  readonly #byReceipt = new Map<string, StoredMessage>()
  readonly #bury: (message: StoredMessage, policy: DlqPolicy) => boolean

  /** `bury` takes a message that was received too often, if there is a queue for it. */
  constructor(
    name: string,
    attributes: QueueAttributes,
    now: number,
    bury: (message: StoredMessage, policy: DlqPolicy) => boolean,
  ) {
    this.name = name
    this.attributes = attributes
    this.createdAt = now
    this.modifiedAt = now
    this.#bury = bury
    for (const priority of priorities) this.#lanes.set(priority, new Map())
  }

  send({ body, delaySeconds, priority }: OutgoingMessage, now: number): StoredMessage {
    const delayMs = (delaySeconds ?? this.attributes.DelaySeconds) * 1000
    const message: StoredMessage = {
      id: nextId(),
      body,
      bodyMd5: createHash('md5').update(body).digest('hex').toUpperCase(),
      priority,
      enqueuedAt: now,
      visibleAt: now + delayMs,
      firstDequeuedAt: 0,
      dequeueCount: 0,
      receiptHandle: '',
    }
    this.put(message)
    if (delayMs > 0) this.#grantReceipt(message)
    return message
  }

  /** Takes a message as it is, from another queue. */
  put(message: StoredMessage): void {
    this.#lanes.get(message.priority)?.set(message.id, message)
  }

  /** Up to `max` messages, the most urgent and oldest first; they are hidden unless `staysVisible`. */
  receive(max: number, now: number, staysVisible = false): StoredMessage[] {
    const taken = this.peek(max, now)
    for (const message of taken) {
      message.dequeueCount += 1
      message.firstDequeuedAt ||= now
      message.visibleAt = now + this.attributes.VisibilityTimeout * 1000
      this.#grantReceipt(message)
    }
    const answered = taken.map((message) => ({ ...message }))
    if (staysVisible) for (const message of taken) message.visibleAt = now
    return answered
  }

  peek(max: number, now: number): StoredMessage[] {
    const found: StoredMessage[] = []
    for (const lane of this.#lanes.values()) {
      for (const message of lane.values()) {
        if (found.length === max) return found
        if (this.#isActive(message, now)) found.push(message)
      }
    }
    return found
  }

  remove(receiptHandle: string, now: number): void {
    this.#forget(this.#held(receiptHandle, now))
  }

  changeVisibility(receiptHandle: string, seconds: number, now: number): StoredMessage {
    const message = this.#held(receiptHandle, now)
    message.visibleAt = now + seconds * 1000
    this.#grantReceipt(message)
    return message
  }

  /** Every message that is kept at `now`. */
  messages(now: number): StoredMessage[] {
    const all = [...this.#lanes.values()].flatMap((lane) => [...lane.values()])
    return all.filter((message) => this.#isKept(message, now))
  }

  #isActive(message: StoredMessage, now: number): boolean {
    return this.#isKept(message, now) && message.visibleAt <= now
  }

  /** Drops what is past its retention, and lets go of what was received too often. */
  #isKept(message: StoredMessage, now: number): boolean {
    const isExpired = now >= message.enqueuedAt + this.attributes.MessageRetentionPeriod * 1000
    if (!isExpired && !this.#isDead(message, now)) return true
    this.#forget(message)
    return false
  }

  #isDead(message: StoredMessage, now: number): boolean {
    const policy = this.dlqPolicy
    if (!policy?.Enabled || message.visibleAt > now) return false
    return message.dequeueCount >= policy.MaxReceiveCount && this.#bury(message, policy)
  }

  #held(receiptHandle: string, now: number): StoredMessage {
    if (!receiptShape.test(receiptHandle)) throw new Refusal('ReceiptHandleError')
    const message = this.#byReceipt.get(receiptHandle)
    if (!message || message.visibleAt <= now || !this.#isKept(message, now)) {
      throw new Refusal('MessageNotExist')
    }
    return message
  }

  /** A new handle; the one before is good no longer. Base64, as the service's own: `=` ends it. */
  #grantReceipt(message: StoredMessage): void {
    this.#byReceipt.delete(message.receiptHandle)
    issued += 1
    const text = `${message.id.slice(-12)}-${issued}-${message.priority}-1`
    message.receiptHandle = `${message.priority}-${Buffer.from(text).toString('base64')}`
    this.#byReceipt.set(message.receiptHandle, message)
  }

  #forget(message: StoredMessage): void {
    this.#byReceipt.delete(message.receiptHandle)
    this.#lanes.get(message.priority)?.delete(message.id)
  }
}
