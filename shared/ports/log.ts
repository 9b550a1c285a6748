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
