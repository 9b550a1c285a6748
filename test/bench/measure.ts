import type { PeerFactory, Workload } from './peers/peer.ts'

/** Figures of one system: rates and latencies over a run, on this machine. */
export interface Figures {
  readonly perSecond: number
  readonly cpuMs: number
  readonly peakRssMb: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  /** Prechecks that were run in all, those for warming up and for the latencies included. */
  readonly ran: number
}

/** How much is run. */
export interface Amount {
  readonly warmUp: number
  /** Prechecks of the throughput phase. */
  readonly prechecks: number
  /** Prechecks one after another on the idle system, for the latencies. */
  readonly oneByOne: number
}

/** The value below which a share of sorted values lies. */
const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN

const bytesPerMb = 1024 * 1024
const sampleMs = 50

/** Runs prechecks `from` to `to`, `concurrency` at a time. */
const runAll = async (
  run: (index: number) => Promise<void>,
  from: number,
  to: number,
  concurrency: number,
) => {
  let next = from
  const worker = async (): Promise<void> => {
    while (next < to) {
      next += 1
      await run(next)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
}

/** Measures a system: throughput with a closed loop, then latencies on the idle system. */
export const measure = async (factory: PeerFactory, workload: Workload, amount: Amount): Promise<Figures> => {
  const peer = await factory(workload)
  const { warmUp, prechecks, oneByOne } = amount
  await runAll(peer.run, 0, warmUp, workload.concurrency)

  let peakRssMb = 0
  const sample = (): void => {
    const rss = process.memoryUsage.rss() / bytesPerMb + peer.serverUsage().rssMb
    peakRssMb = Math.max(peakRssMb, rss)
  }
  const sampler = setInterval(sample, sampleMs)
  const serverBefore = peer.serverUsage().cpuMs
  const cpuBefore = process.cpuUsage()
  const from = performance.now()
  await runAll(peer.run, warmUp, warmUp + prechecks, workload.concurrency)
  const elapsedMs = performance.now() - from
  const cpu = process.cpuUsage(cpuBefore)
  const cpuMs = (cpu.user + cpu.system) / 1000 + peer.serverUsage().cpuMs - serverBefore
  clearInterval(sampler)
  sample()

  const latencies: number[] = []
  for (let index = 0; index < oneByOne; index += 1) {
    const start = performance.now()
    await peer.run(warmUp + prechecks + index + 1)
    latencies.push(performance.now() - start)
  }
  await peer.close()
  latencies.sort((a, b) => a - b)
  return {
    perSecond: prechecks / (elapsedMs / 1000),
    cpuMs: cpuMs / prechecks,
    peakRssMb,
    p50: percentile(latencies, 0.5),
    p95: percentile(latencies, 0.95),
    p99: percentile(latencies, 0.99),
    ran: warmUp + prechecks + oneByOne,
  }
}
