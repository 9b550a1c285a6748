import type { Paint } from './paint.ts'

/** How results are printed: for people, for programs, and as other tools read them. */
export const outputs = ['text', 'json', 'html', 'junit', 'nagios', 'csv'] as const
export type Output = (typeof outputs)[number]

/** How a command talks to its user. */
export interface Terminal {
  readonly paint: Paint
  readonly output: Output
  readonly write: (text: string) => void
  /** For who waits: how far it is. Only people are told, and not those who want it quiet. */
  readonly tell: (line: string) => void
}

/** Exit codes as Nagios plugins have them: 0 fine, 1 warning, 2 critical, 3 unknown. */
export const exitCodes = { passed: 0, warning: 1, failed: 2, inconclusive: 3 } as const

/** Prints what a command came to: the whole value as JSON, or its text, which ends with a line feed. */
export const print = ({ output, write }: Terminal, value: unknown, text: () => string): void =>
  write(output === 'json' ? `${JSON.stringify(value, null, 2)}\n` : text())
