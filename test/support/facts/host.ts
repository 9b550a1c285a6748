import type { Question } from '../../../shared/checks/framework/question.ts'
import type {
  ClientFacts,
  ClockFacts,
  VolumeFacts,
  WriterFacts,
} from '../../../shared/checks/host/host-facts.ts'
import { defaultEndpointSettings } from '../../../shared/checks/connectivity/endpoints.ts'
import { definitionOf } from '../context.ts'

/** A host as it is registered, and a folder of it. */
export const linuxHost = {
  ecsInstanceId: 'i-bp1host00000000000001',
  platform: 'linux',
  volumes: ['/u01/oradata'],
} as const
export const windowsHost = {
  ecsInstanceId: 'i-bp1host00000000000002',
  platform: 'windows',
  volumes: ['D:\\Data'],
} as const

const gigabyte = 1024 ** 3

/** A volume of 100 GB with half of it free. */
export const volume = (changes: Partial<VolumeFacts[number]> = {}): VolumeFacts[number] => ({
  path: '/',
  mount: '/',
  totalBytes: 100 * gigabyte,
  freeBytes: 50 * gigabyte,
  cause: null,
  ...changes,
})

export const clientService = (
  changes: Partial<ClientFacts['services'][number]> = {},
): ClientFacts['services'][number] => ({
  name: 'hbrclient',
  running: true,
  automatic: true,
  version: null,
  ...changes,
})

export const writers = (changes: Partial<WriterFacts> = {}): WriterFacts => ({
  service: { running: true, automatic: true },
  listed: 24,
  writers: [{ state: 1, lastError: 'Last error: No error' }],
  ...changes,
})

/** 2026-11-21T02:00:00Z, in seconds. */
export const second = 1_795_226_400

export const clock = (changes: Partial<ClockFacts> = {}): ClockFacts => ({
  before: second,
  after: second,
  date: second,
  url: 'https://oss-cn-hangzhou-internal.aliyuncs.com/',
  ...changes,
})

const healthy = {
  volumes: [volume(), volume({ path: '/u01/oradata', mount: '/u01' })],
  client: { services: [clientService()] },
  writers: writers(),
  clock: clock(),
}

/** What a healthy host answers to a question, by its part; asked of a host that every part applies to. */
export const healthyHost = ({ ask }: Extract<Question, { readonly probe: 'host' }>): unknown => {
  const definition = definitionOf('sqlserver', { host: windowsHost })
  const asked = definition.host && ask(definition.host, definition, defaultEndpointSettings)
  return asked && healthy[asked.part]
}
