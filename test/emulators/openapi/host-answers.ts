import { hostMarker } from '../../../shared/adapters/cloud-assistant/host-script.ts'
import { marker } from '../../../shared/adapters/cloud-assistant/script.ts'
import type { Reach } from '../../../shared/checks/framework/answer.ts'
import type {
  ClientFacts,
  ClockFacts,
  VolumeFacts,
  WriterFacts,
} from '../../../shared/checks/host/host-facts.ts'
import { sqlServerWriterId } from '../../../shared/checks/host/host-facts.ts'
import type { CommandRun } from './ecs.ts'

/** How a host is, as the scripts for Windows tell it: no PowerShell runs. */
export interface WindowsHostFacts {
  /** One for each endpoint of an item, the same for all of them. */
  readonly reach: Omit<Reach, 'url'>
  /** The first is that of the system. */
  readonly volumes: VolumeFacts
  readonly client: ClientFacts
  readonly writers: WriterFacts
  readonly clock: ClockFacts
}

const base64 = (content: unknown): string => Buffer.from(JSON.stringify(content)).toString('base64')

const serviceOf = ({ running, automatic }: NonNullable<WriterFacts['service']>) => ({
  state: running === null ? 'Unknown' : running ? 'Running' : 'Stopped',
  mode: automatic === null ? 'Unknown' : automatic ? 'Auto' : 'Manual',
})

const writerLines = ({ state, lastError }: WriterFacts['writers'][number]): string =>
  [`Writer Id: ${sqlServerWriterId}`, `Writer Instance Id: {1}`, `State: [${state}] …`, lastError].join('\n')

const dateOf = (seconds: number | null): string | null =>
  seconds === null ? null : new Date(seconds * 1000).toUTCString()

const parts = ({ volumes, client, writers, clock }: WindowsHostFacts) => ({
  volumes: {
    system: 'C:\\',
    found: volumes.slice(1).map(({ mount }) => mount !== null),
    volumes: volumes.flatMap(({ mount, totalBytes, freeBytes }) =>
      mount === null ? [] : [{ name: mount, total: totalBytes, free: freeBytes }],
    ),
  },
  client: {
    services: client.services.map((service) => ({
      name: service.name,
      version: service.version,
      ...serviceOf(service),
    })),
  },
  writers: {
    service: writers.service && serviceOf(writers.service),
    ids: writers.listed,
    writers: writers.writers.map(writerLines),
  },
  clock: {
    looks: [
      { before: clock.before, after: clock.after, report: `x ${base64({ date: dateOf(clock.date) })}` },
    ],
  },
})

/** Endpoints that a script names, in its own notation. */
const endpointsIn = (content: string): number => content.match(/'https:\/\/[^']*'/g)?.length ?? 0

const reachLines = ({ address, phases, status, failure }: WindowsHostFacts['reach'], count: number) =>
  Array.from(
    { length: count },
    (_, index) =>
      `${marker} ${base64({ index, address, ...phases, status, phase: failure?.phase ?? 'http', cause: failure?.cause ?? null })}`,
  )

/** Answers the scripts for Windows from facts, as an instance would that is like them. */
export const windowsHostAnswers =
  (factsNow: () => WindowsHostFacts): CommandRun =>
  ({ content }) => {
    const facts = factsNow()
    const looks = Object.entries(parts(facts)).map(([part, said]) => `${hostMarker} ${part} ${base64(said)}`)
    const lines = content.includes(`'${hostMarker} '`)
      ? looks
      : reachLines(facts.reach, endpointsIn(content.split('$authorities')[0] ?? ''))
    return Promise.resolve({ exitCode: 0, output: `${lines.join('\n')}\n` })
  }
