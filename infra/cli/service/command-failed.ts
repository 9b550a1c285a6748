import { version } from './version.ts'

/** A command that could not do its work. The message is for the user: what is wrong, and what to do. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed'
  /** Stable: that of the problem document, where the service said no. */
  readonly code: string
  /** What else the problem document says. */
  readonly context: Readonly<Record<string, unknown>>

  constructor(message: string, code: string, context: Readonly<Record<string, unknown>> = {}) {
    super(message)
    this.code = code
    this.context = context
  }
}

/** Control characters other than line feeds: what a server or a file says must not steer the terminal. */
const controls = /(?!\n)\p{Cc}/gu

/** What a fault says in one line: what and where; the lines after it repeat what was read. */
export const reasonOf = (fault: unknown): string =>
  fault instanceof Error ? (fault.message.split('\n')[0] ?? '').replace(/:$/, '') : String(fault)

/** A text that may be shown as it is. */
export const harmless = (text: string): string => text.replaceAll(controls, '?')

/** What to tell the user of anything thrown: never a stack. Ends with a line feed. */
export const failureText = (fault: unknown): string => {
  const message = fault instanceof Error ? fault.message : String(fault)
  const text =
    fault instanceof CommandFailed
      ? message
      : `precheck ${version} failed with an internal error, please report it: ${message}`
  return `${harmless(text)}\n`
}
