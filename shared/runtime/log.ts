import { type Log, type LogFields, type LogLevel, logLevels } from '../ports/log.ts'

/** A log of everything from `lowest` on, written line by line through `write`. */
export const jsonLog = (lowest: LogLevel, write: (line: string) => void): Log => {
  const at =
    (level: LogLevel) =>
    (event: string, fields: LogFields = {}): void => {
      if (logLevels.indexOf(level) < logLevels.indexOf(lowest)) return
      write(`${JSON.stringify({ time: new Date().toISOString(), level, event, ...fields })}\n`)
    }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}
