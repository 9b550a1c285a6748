import { Refusal } from './refusal.ts'
import type { Content, Element } from './xml.ts'

/** Attributes of a queue that its owner sets; seconds and bytes (manual, "CreateQueue"). */
export interface QueueAttributes {
  readonly DelaySeconds: number
  readonly MaximumMessageSize: number
  readonly MessageRetentionPeriod: number
  readonly VisibilityTimeout: number
  readonly PollingWaitSeconds: number
  readonly LoggingEnabled: boolean
}

/**
 * What happens to a message that was received too often (OpenAPI `mns-open` 2022-01-19). The XML interface neither sets
 * nor shows it.
 */
export interface DlqPolicy {
  readonly Enabled: boolean
  readonly DeadLetterTargetQueue: string
  readonly MaxReceiveCount: number
}

export const defaultAttributes: QueueAttributes = {
  DelaySeconds: 0,
  MaximumMessageSize: 65_536,
  MessageRetentionPeriod: 345_600,
  VisibilityTimeout: 30,
  PollingWaitSeconds: 0,
  LoggingEnabled: false,
}

/** The lowest and highest value of each number that a request may hold. */
export const ranges = {
  DelaySeconds: [0, 604_800],
  MaximumMessageSize: [1024, 65_536],
  MessageRetentionPeriod: [60, 604_800],
  VisibilityTimeout: [1, 43_200],
  PollingWaitSeconds: [0, 30],
  Priority: [1, 16],
  numOfMessages: [1, 16],
  waitseconds: [0, 30],
  'x-mns-ret-number': [1, 1000],
  PageNum: [1, 100_000_000],
  PageSize: [1, 50],
} as const

/** A whole number within its range; `InvalidArgument` otherwise. */
export const numberIn = (name: keyof typeof ranges, text: string): number => {
  const [low, high] = ranges[name]
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= low && value <= high)) {
    throw new Refusal('InvalidArgument', `The value of ${name} should be between ${low} and ${high}.`)
  }
  return value
}

/** Reads `<Queue>`: the attributes that it names. */
export const readAttributes = (root: Element): Partial<QueueAttributes> => {
  if (root.name !== 'Queue') throw new Refusal('MalformedXML', `<${root.name}> is no <Queue>`)
  const entries = root.children.map(({ name, text, children }) => {
    if (children.length > 0) throw new Refusal('MalformedXML', `<${name}> holds text alone`)
    switch (name) {
      case 'DelaySeconds':
      case 'MaximumMessageSize':
      case 'MessageRetentionPeriod':
      case 'VisibilityTimeout':
      case 'PollingWaitSeconds':
        return [name, numberIn(name, text)] as const
      case 'LoggingEnabled':
        if (!/^(true|false)$/i.test(text)) throw new Refusal('InvalidArgument', 'LoggingEnabled')
        return [name, text.toLowerCase() === 'true'] as const
      default:
        throw new Refusal('MalformedXML', `<${name}> is no attribute of a queue`)
    }
  })
  return Object.fromEntries(entries) as QueueAttributes
}

/** Attributes as they are answered; a boolean is written as the service writes it. */
export const writeAttributes = (attributes: QueueAttributes): [string, Content][] =>
  Object.entries(attributes).map(([name, value]) => [
    name,
    typeof value === 'boolean' ? (value ? 'True' : 'False') : Number(value),
  ])
