import type { Text } from '../../../shared/model/message.ts'
import { problemType } from '../../../shared/runtime/problem-document.ts'
import { version } from './version.ts'

/** A command that could not do its work. The text is for the user: what is wrong, and what to do. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed'
  /** The message in every language; what the service says is in the one that it was asked for. */
  readonly text: Text
  /** Stable: that of the problem document, where the service said no. */
  readonly code: string
  /** What else the problem document says. */
  readonly context: Readonly<Record<string, unknown>>

  constructor(text: Text | string, code: string, context: Readonly<Record<string, unknown>> = {}) {
    const inEvery = typeof text === 'string' ? { en: text, zh: text } : text
    super(inEvery.en)
    this.text = inEvery
    this.code = code
    this.context = context
  }
}

/** What steers a terminal or hides in it: control characters other than line feeds, and marks of writing direction. */
const controls = /(?!\n)[\p{Cc}\p{Bidi_Control}]/gu

/** A text that may be shown as it is: what would steer the terminal is seen instead, such as `\u{1b}`. */
export const harmless = (text: string): string =>
  text.replaceAll(controls, (control) => `\\u{${control.codePointAt(0)?.toString(16) ?? ''}}`)

/** What a fault says in one line: what and where; the lines after it repeat what was read. */
export const reasonOf = (fault: unknown): string =>
  fault instanceof Error ? (fault.message.split('\n')[0] ?? '').replace(/:$/, '') : String(fault)

const textOf = (fault: unknown): Text => {
  if (fault instanceof CommandFailed) return fault.text
  const message = fault instanceof Error ? fault.message : String(fault)
  return {
    en: `precheck ${version} failed with an internal error, please report it: ${message}`,
    zh: `precheck ${version} 发生内部错误，请反馈：${message}`,
  }
}

/** The same for programs, as a problem document (RFC 9457): where the service said no, with all that it said. */
export const failureDocument = (fault: unknown, say: (text: Text) => string): Record<string, unknown> => {
  const { code, context } =
    fault instanceof CommandFailed ? fault : new CommandFailed(textOf(fault), 'UNEXPECTED')
  return { type: problemType(code), ...context, detail: say(textOf(fault)), code }
}

/** What to tell the user of anything thrown: never a stack. Ends with a line feed. */
export const failureText = (fault: unknown, say: (text: Text) => string): string =>
  `${harmless(say(textOf(fault)))}\n`
