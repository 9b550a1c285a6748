import { execFileSync } from 'node:child_process'
import type { Figures } from './measure.ts'

/** One system under measurement: the peer that `run-peer.ts` knows, and how much of it is run. */
export interface Entrant {
  readonly peer: string
  readonly label: string
  readonly prechecks: number
  /** How long each probe takes, ms; left out: no time at all. */
  readonly probeMs?: number
  /** Settings of the service and addresses of servers. */
  readonly environment?: Readonly<Record<string, string>>
}

/** What a run came to, or what would be needed for it. */
export type Measured = Figures | { readonly missing: string }

/** Measures an entrant by a bundled `run-peer.ts`, in a process of its own. */
export const runApart = (
  program: string,
  { peer, prechecks, probeMs = 0, environment = {} }: Entrant,
): Measured => {
  const args = ['--max-semi-space-size=32', program, peer, String(prechecks), String(probeMs)]
  const printed = execFileSync(process.execPath, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ...environment },
  })
  // Above the figures are the lines of the log, where the settings ask for them.
  return JSON.parse(printed.trim().split('\n').at(-1) ?? '') as Measured
}

/** The figures in the middle by one of them: a machine is rarely the same twice. */
export const middle = <One extends Measured>(
  measured: readonly One[],
  by: 'perSecond' | 'cpuMs' | 'p50',
): One | undefined => {
  const of = (one: One): number => ('missing' in one ? 0 : one[by])
  return measured.toSorted((one, other) => of(one) - of(other))[Math.floor(measured.length / 2)]
}

/** Measures several in turn, some rounds, so that what else goes on meets all of them alike. */
export const takeTurns = async <Subject, One>(
  subjects: readonly Subject[],
  rounds: number,
  run: (subject: Subject) => One | Promise<One>,
): Promise<Map<Subject, readonly One[]>> => {
  const all = new Map(subjects.map((subject) => [subject, new Array<One>()]))
  for (let round = 0; round < rounds; round += 1) {
    // Forth and back, so that none always runs behind the same one.
    const turns = round % 2 === 0 ? subjects : subjects.toReversed()
    for (const subject of turns) all.get(subject)?.push(await run(subject))
  }
  return all
}
