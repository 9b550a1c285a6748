/** Tone of a finding by its level. */
export const levelTone = { failed: 'bad', error: 'odd', warning: 'fair', note: 'dim' } as const

/** Moves lines to the right by some columns. */
export const indented = (lines: readonly string[], by: number): string[] =>
  lines.flatMap((line) => line.split('\n')).map((line) => ' '.repeat(by) + line)

/** A moment as a person reads it, UTC, to the minute. */
export const moment = (time: string): string =>
  `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`
