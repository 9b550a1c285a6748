import { readFileSync } from 'node:fs'
import type { ServerUsage } from './peer.ts'

/** `/proc` counts CPU time in ticks of 10 ms: `USER_HZ` is 100 on every Linux that Node.js runs on (proc_pid_stat(5)). */
const msPerTick = 10
const kbPerMb = 1024

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // The process ended between the listing and the reading.
    return ''
  }
}

const familyOf = (pid: number): number[] => {
  const children = read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number)
  return [pid, ...children.flatMap(familyOf)]
}

/** utime, stime, cutime and cstime are fields 14 to 17; the name, field 2, may hold spaces and parentheses. */
const ticksOf = (pid: number): number => {
  const stat = read(`/proc/${pid}/stat`)
  const fromState = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fromState.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0)
}

const kbOf = (status: string, field: string): number =>
  Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0)

/**
 * CPU time and memory of a process and those it started, from `/proc` (Linux; zeros elsewhere). Children that ended
 * count with the parent that waited for them. What the processes share (program text, shared buffers) is counted once.
 */
export const usageOf = (pid: number): ServerUsage => {
  const family = familyOf(pid)
  const statuses = family.map((member) => read(`/proc/${member}/status`))
  const ownKb = statuses.reduce((sum, status) => sum + kbOf(status, 'RssAnon'), 0)
  const sharedKb = statuses.map((status) => kbOf(status, 'RssFile') + kbOf(status, 'RssShmem'))
  return {
    cpuMs: family.reduce((sum, member) => sum + ticksOf(member), 0) * msPerTick,
    rssMb: (ownKb + Math.max(0, ...sharedKb)) / kbPerMb,
  }
}
