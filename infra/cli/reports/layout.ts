import { cellsOf } from './cells.ts'

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

/** Where a line may be broken: after spaces, and beside Chinese characters; never within a word. */
const breakable = /[^\s\u3000-\u303F\u3400-\u9FFF\uF900-\uFAFF\uFF00-\uFFEF]+\s*|[\s\S]\s*/gu

/** Punctuation that no line begins with. */
const clinging = /^[，。；：、！？）”’》」』%,.;:!?)\]]/u

/** The pieces of a line that stay whole. */
const piecesOf = (line: string): string[] => {
  const pieces: string[] = []
  for (const [piece] of line.matchAll(breakable)) {
    const before = pieces.at(-1)
    if (before !== undefined && clinging.test(piece) && !/\s$/.test(before))
      pieces[pieces.length - 1] = before + piece
    else pieces.push(piece)
  }
  return pieces
}

/** Fewest cells that a column of text has, however narrow the terminal is. */
const narrowest = 20

/** Breaks a line that is longer than `width` cells; those that follow the first are moved to the right by `hanging`. */
export const wrapped = (
  line: string,
  { width, hanging = 0 }: { readonly width: number; readonly hanging?: number },
): string[] => {
  const room = Math.max(width, hanging + narrowest)
  if (cellsOf(line) <= room) return [line]
  const lines: string[] = []
  let current = ''
  for (const piece of piecesOf(line)) {
    if (current.trim() !== '' && cellsOf((current + piece).trimEnd()) > room) {
      lines.push(current.trimEnd())
      current = ' '.repeat(hanging)
    }
    current += piece
  }
  return [...lines, current.trimEnd()]
}

/** Moves lines to the right by some columns. */
export const indented = (lines: readonly string[], by: number): string[] =>
  lines.flatMap((line) => line.split('\n')).map((line) => ' '.repeat(by) + line)
