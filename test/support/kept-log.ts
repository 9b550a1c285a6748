import { jsonLog } from '../../shared/runtime/log.ts'

/** A log from `info` on, and the lines that were written to it, without their times. */
export const keptLog = () => {
  const lines: Record<string, unknown>[] = []
  const log = jsonLog('info', (line) => {
    const { time: _, ...fields } = JSON.parse(line) as Record<string, unknown>
    lines.push(fields)
  })
  return { log, lines }
}
