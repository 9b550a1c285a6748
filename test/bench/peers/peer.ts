/** What the server processes of a peer used so far. */
export interface ServerUsage {
  readonly cpuMs: number
  readonly rssMb: number
}

/** One system under measurement: durable fan-out of no-op check items, fan-in, one persisted last result per precheck. */
export interface Peer {
  /** Starts precheck number `index` and resolves when its last result is durable, as durable as the peer is set up for. */
  readonly run: (index: number) => Promise<void>
  readonly serverUsage: () => ServerUsage
  readonly close: () => Promise<void>
}

/** What is measured. */
export interface Workload {
  readonly items: number
  /** How long each probe takes, ms; 0: at once. */
  readonly probeMs: number
  /** Prechecks under way at the same time. */
  readonly concurrency: number
  /** An empty folder for what the peer writes. */
  readonly folder: string
}

export type PeerFactory = (workload: Workload) => Promise<Peer>

/** The instance of precheck number `index`: enough of them that no two prechecks of one run at the same time. */
export const instanceIdOf = (index: number, concurrency: number): string =>
  `bench-${index % (concurrency * 4)}`

/** A peer without server processes. */
export const noServer = (): ServerUsage => ({ cpuMs: 0, rssMb: 0 })

/** A no-op probe, or one that takes its time. */
export const probe = async (probeMs: number): Promise<void> => {
  if (probeMs > 0) await new Promise((resolve) => setTimeout(resolve, probeMs))
}
