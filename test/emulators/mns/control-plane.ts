import type { HttpRequest } from '../http-listener.ts'
import type { AccountQueues } from './account-queues.ts'
import { type DlqPolicy, type QueueAttributes, numberIn } from './attributes.ts'
import { Refusal } from './refusal.ts'
import type { Action } from './request.ts'

/**
 * The OpenAPI `mns-open` 2022-01-19 as far as it knows queues. It alone sets dead-letter policies. Names and shapes are
 * those of its manual; codes of refusals are those of the XML interface, since the manual names none of its own.
 */
const controlPlaneVersion = '2022-01-19'

/** Parameters of one call by name. */
type Parameters = Readonly<Record<string, string>>

/** What an operation does, and what its answer holds as `Data`. */
type Operation = (queues: AccountQueues, parameters: Parameters) => unknown

const paging = ['PageNum', 'PageSize'] as const
const numbers = [
  'DelaySeconds',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'VisibilityTimeout',
  'PollingWaitSeconds',
] as const
const settable = ['QueueName', ...numbers, 'EnableLogging', 'DlqPolicy']

/** What the OpenAPI does with queues; actions of the same name exist in both interfaces, and need the same permission. */
type ControlAction = Extract<
  Action,
  'CreateQueue' | 'SetQueueAttributes' | 'GetQueueAttributes' | 'DeleteQueue' | 'ListQueue'
>

const known: Readonly<Record<ControlAction, readonly string[]>> = {
  CreateQueue: settable,
  SetQueueAttributes: settable,
  GetQueueAttributes: ['QueueName'],
  DeleteQueue: ['QueueName'],
  ListQueue: ['QueueName', ...paging],
}

const readBoolean = (name: string, text: string): boolean => {
  if (text !== 'true' && text !== 'false') throw new Refusal('InvalidArgument', name)
  return text === 'true'
}

const readAttributes = (parameters: Parameters): Partial<QueueAttributes> => ({
  ...Object.fromEntries(
    numbers.flatMap((name) => {
      const text = parameters[name]
      return text === undefined ? [] : [[name, numberIn(name, text)]]
    }),
  ),
  ...(parameters['EnableLogging'] !== undefined && {
    LoggingEnabled: readBoolean('EnableLogging', parameters['EnableLogging']),
  }),
})

/** Objects are parameters as JSON. */
const readDlqPolicy = ({ DlqPolicy: text }: Parameters): DlqPolicy | null => {
  if (text === undefined) return null
  try {
    const { Enabled, DeadLetterTargetQueue, MaxReceiveCount } = JSON.parse(text) as Partial<DlqPolicy>
    if (
      typeof Enabled === 'boolean' &&
      typeof DeadLetterTargetQueue === 'string' &&
      Number.isInteger(MaxReceiveCount) &&
      Number(MaxReceiveCount) > 0
    ) {
      return { Enabled, DeadLetterTargetQueue, MaxReceiveCount: Number(MaxReceiveCount) }
    }
  } catch {
    // Told below, like every other text that is no policy.
  }
  throw new Refusal('InvalidArgument', 'DlqPolicy')
}

const queueName = ({ QueueName }: Parameters): string => {
  if (!QueueName) throw new Refusal('InvalidArgument', 'QueueName')
  return QueueName
}

const describe = (queues: AccountQueues, name: string): object => {
  const { attributes, dlqPolicy } = queues.queue(name)
  return {
    QueueName: name,
    ...attributes,
    ...queues.status(name),
    // A text here, though a number when it is set.
    ...(dlqPolicy && { DlqPolicy: { ...dlqPolicy, MaxReceiveCount: String(dlqPolicy.MaxReceiveCount) } }),
  }
}

const listQueues: Operation = (queues, { QueueName = '', PageNum = '1', PageSize = '10' }) => {
  const size = numberIn('PageSize', PageSize)
  const page = numberIn('PageNum', PageNum)
  const names = queues.names().filter((name) => name.includes(QueueName))
  const shown = names.slice((page - 1) * size, page * size)
  return {
    PageData: shown.map((name) => describe(queues, name)),
    PageNum: page,
    PageSize: size,
    Pages: Math.ceil(names.length / size),
    Size: shown.length,
    Total: names.length,
  }
}

const setPolicy = (queues: AccountQueues, parameters: Parameters): void => {
  const policy = readDlqPolicy(parameters)
  if (policy) queues.setDlqPolicy(queueName(parameters), policy)
}

const operations: Readonly<Record<ControlAction, Operation>> = {
  CreateQueue: (queues, parameters) => {
    readDlqPolicy(parameters)
    queues.create(queueName(parameters), readAttributes(parameters))
    setPolicy(queues, parameters)
  },
  SetQueueAttributes: (queues, parameters) => {
    setPolicy(queues, parameters)
    queues.change(queueName(parameters), readAttributes(parameters))
  },
  GetQueueAttributes: (queues, parameters) => describe(queues, queueName(parameters)),
  DeleteQueue: (queues, parameters) => queues.remove(queueName(parameters)),
  ListQueue: listQueues,
}

/** A call, read. */
export interface ControlCall {
  readonly action: ControlAction
  readonly queue: string
  readonly perform: (queues: AccountQueues) => object
}

const isControlAction = (action: string | undefined): action is ControlAction =>
  action !== undefined && Object.hasOwn(operations, action)

/** Reads which operation is called; throws a `Refusal` for one that is not known, or not with these parameters. */
export const readControlCall = ({ url, headers, body }: HttpRequest): ControlCall => {
  const action = headers['x-acs-action']
  if (!isControlAction(action) || headers['x-acs-version'] !== controlPlaneVersion) {
    throw new Refusal('InvalidRequestURL', `${action} of ${headers['x-acs-version']}`)
  }
  const form = headers['content-type']?.startsWith('application/x-www-form-urlencoded') ? body.toString() : ''
  const parameters: Parameters = Object.fromEntries([...url.searchParams, ...new URLSearchParams(form)])
  for (const name of Object.keys(parameters)) {
    if (!known[action].includes(name)) throw new Refusal('InvalidArgument', name)
  }
  return {
    action,
    queue: parameters['QueueName'] ?? '',
    perform: (queues) => {
      const data = operations[action](queues, parameters)
      const said = { Code: 200, Status: 'Success', Message: 'operation success', Success: true }
      return { ...said, ...(data !== undefined && { Data: data }) }
    },
  }
}
