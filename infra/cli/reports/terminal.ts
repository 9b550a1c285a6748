import type { Text } from '../../../shared/model/message.ts'
import { harmless } from '../service/command-failed.ts'
import type { Paint } from './paint.ts'

/** How results are printed: for people, for programs, and as other tools read them. */
export const outputs = ['text', 'json', 'html', 'junit', 'nagios', 'csv'] as const
export type Output = (typeof outputs)[number]

/** A text in the language of the user. */
export type Say = (text: Text) => string

/** What a text for people looks like. */
export interface Look {
  readonly paint: Paint
  readonly say: Say
  /** Cells of a line; infinite where no terminal shows it. */
  readonly width: number
}

/** How a command talks to its user. */
export interface Terminal extends Look {
  readonly output: Output
  readonly write: (text: string) => void
  /** For who waits: how far it is. Only people are told, and not those who want it quiet. */
  readonly tell: (line: string) => void
}

/** Exit codes as Nagios plugins have them: 0 fine, 1 warning, 2 critical, 3 unknown. */
export const exitCodes = { passed: 0, warning: 1, failed: 2, inconclusive: 3 } as const

/** Characters that JSON leaves as they are, and that steer a terminal (C1 controls and DEL). */
const unescaped = /[\u007F-\u009F]/g

/** A value as JSON for programs, which ends with a line feed. */
export const jsonText = (value: unknown): string => {
  const escaped = JSON.stringify(value, null, 2).replaceAll(
    unescaped,
    (control) => `\\u00${control.codePointAt(0)?.toString(16) ?? ''}`,
  )
  return `${escaped}\n`
}

/** Makes every text in a value of JSON one that does not steer the terminal, in place. */
const makeHarmless = (value: unknown): void => {
  if (typeof value !== 'object' || value === null) return
  for (const key of Object.keys(value)) {
    const part: unknown = Reflect.get(value, key)
    if (typeof part === 'string') Reflect.set(value, key, harmless(part))
    else makeHarmless(part)
  }
}

/** A copy of a value of JSON with texts that do not steer the terminal, whoever wrote them. */
const shownOf = <Value>(value: Value): Value => {
  const copy = structuredClone(value)
  makeHarmless(copy)
  return copy
}

/** Prints what a command came to: the whole value as JSON, or its text, which ends with a line feed. */
export const print = <Value>(
  { output, write }: Terminal,
  value: Value,
  text: (value: Value) => string,
): void => write(output === 'json' ? jsonText(value) : text(shownOf(value)))
