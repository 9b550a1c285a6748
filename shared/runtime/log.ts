import { type Log, type LogFields, type LogLevel, logLevels } from '../ports/log.ts'

const silent = (): void => undefined

/** A log of everything from `lowest` on, written line by line through `write`. */
export const jsonLog = (lowest: LogLevel, write: (line: string) => void): Log => {
  const at = (level: LogLevel): Log[LogLevel] => {
    if (logLevels.indexOf(level) < logLevels.indexOf(lowest)) return silent
    return (event: string, fields: LogFields = {}) =>
      write(`${JSON.stringify({ time: new Date().toISOString(), level, event, ...fields })}\n`)
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

/** Bytes that wait for the reader of a log at most: what one that is gone or too slow does not take is lost. */
const maxUnread = 1024 * 1024

/**
 * Writes the lines of one turn of the event loop to the standard output at once, and what is left when the thread ends:
 * from a thread that is not the main one, every write is a message to the main one.
 */
export const linesToStdout = (
  stdout: Pick<NodeJS.WriteStream, 'write' | 'writableLength'> = process.stdout,
): ((line: string) => void) => {
  let waiting = ''
  const flush = (): void => {
    if (waiting !== '' && stdout.writableLength < maxUnread) stdout.write(waiting)
    waiting = ''
  }
  process.once('exit', flush)
  return (line) => {
    if (waiting === '') setImmediate(flush)
    waiting += line
  }
}
