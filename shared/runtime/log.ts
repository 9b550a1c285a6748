/** Severity of a log line, from chatty to grave. */
export const logLevels = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof logLevels)[number]

/** Fields of a log line. Never hold a secret. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>

/** Writes one JSON line for every event; Function Compute and every log shipper take them as they are. */
export interface Log {
  readonly debug: (event: string, fields?: LogFields) => void
  readonly info: (event: string, fields?: LogFields) => void
  readonly warn: (event: string, fields?: LogFields) => void
  readonly error: (event: string, fields?: LogFields) => void
}

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
