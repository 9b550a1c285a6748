import { readFileSync } from 'node:fs'

const kbPerMb = 1024

/** Memory of a process as the system sees it, MB. */
export const rssMbOf = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / kbPerMb
