/** Tone of a finding by its level. */
export const levelTone = { failed: 'bad', error: 'odd', warning: 'fair', note: 'dim' } as const

/** Sign and tone of the status of a check item, and of what became of an instance. */
export const statusMarks = {
  passed: '✔',
  warning: '!',
  failed: '✘',
  error: '?',
  timed_out: '?',
  inconclusive: '?',
  skipped: '-',
  not_run: '-',
  waiting: '…',
  pending: '…',
  starting: '…',
  started: '…',
} as const
export const statusTone = {
  passed: 'good',
  warning: 'fair',
  failed: 'bad',
  error: 'odd',
  timed_out: 'odd',
  inconclusive: 'odd',
  skipped: 'dim',
  not_run: 'dim',
  waiting: 'dim',
  pending: 'dim',
  starting: 'dim',
  started: 'dim',
} as const

/** Moves lines to the right by some columns. */
export const indented = (lines: readonly string[], by: number): string[] =>
  lines.flatMap((line) => line.split('\n')).map((line) => ' '.repeat(by) + line)

/** A moment as a person reads it, UTC, to the minute. */
export const moment = (time: string): string =>
  `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`
