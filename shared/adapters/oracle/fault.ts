import { shownText } from '../server-text.ts'

/** What distinguishes errors, read once from the many shapes of the driver. */
export interface Fault {
  /** `NJS-506`; the code of Node.js where the driver gave none of its own. */
  readonly driverCode: string
  /** `ORA-01017` and the numbers that follow it, the outermost first; none where the server said nothing. */
  readonly serverCodes: readonly string[]
  /** What the server said, else the driver, without the code and without the link to the page of help. */
  readonly detail: string
  /** What lies under it: the last line, where the driver quotes the system and OpenSSL. */
  readonly cause: string
}

const withoutCode = (line: string): string => line.replace(/^(?:ORA-\d{5}|NJS-\d{3}): /, '')

/**
 * Reads an error. The server's code may stand behind "Cause:" in a second line (NJS-511), or in the text of an NJS-500
 * that took its place.
 */
export const readFault = (thrown: unknown, password: string): Fault => {
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  const lines = message.split('\n').filter((line) => line !== '' && !line.startsWith('Help:'))
  const ofServer = lines.filter((line) => line.startsWith('ORA-'))
  const said = ofServer.length > 0 ? ofServer : lines.slice(0, 1)
  return {
    driverCode: thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '',
    serverCodes: [...message.matchAll(/ORA-\d{5}/g)].map(([code]) => code),
    detail: shownText(withoutCode(said.join(' ')), password),
    cause: shownText(withoutCode(lines.at(-1) ?? ''), password),
  }
}
