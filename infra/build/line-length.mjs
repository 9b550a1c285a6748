import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'

/**
 * Holds sources to 120 columns, which oxfmt does for code and not for comments. With `--fix` it wraps the comments that
 * are too long; whatever else is too long is for a person. Lines with an address (URL) or a long text in quotes, which
 * is easier to find in one piece, may be longer.
 */
const maxColumns = 120

const sources = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.ts', '*.mjs', '*.cjs'])
  .toString()
  .trim()
  .split('\n')

/** Of a line of a comment what stands before its text, and the text; none for a line that ends or has no text. */
const commentOf = (line) => {
  const [, prefix, text] = /^(\s*(?:\/\/|\*) )(\S.*)$/.exec(line) ?? []
  return prefix === undefined || text.includes('*/') || /^(oxlint|@|- |\d+\. |\|)/.test(text)
    ? undefined
    : { prefix, text }
}

/** A text in quotes of 50 characters or more. */
const longText = /(['"`/]).{50,}\1/

const isTooLong = (line) =>
  line.length > maxColumns && !line.includes('://') && !longText.test(commentOf(line) ? '' : line)

/** The lines of a paragraph, each behind `prefix`. */
const fill = (words, prefix) => {
  const lines = []
  let line = prefix
  for (const word of words) {
    const longer = line === prefix ? prefix + word : `${line} ${word}`
    if (longer.length > maxColumns && line !== prefix) {
      lines.push(line)
      line = prefix + word
    } else line = longer
  }
  return [...lines, line]
}

const wordsOf = (text) => text.split(' ').filter((word) => word !== '')

/** Wraps comments of one line, and in longer ones the paragraph from the line that is too long on. */
const wrap = (lines) => {
  const wrapped = []
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at]
    const [, indent, whole] = /^(\s*)\/\*\* (.*) \*\/$/.exec(line) ?? []
    const comment = commentOf(line)
    if (!isTooLong(line) || (whole === undefined && !comment)) wrapped.push(line)
    else if (whole !== undefined)
      wrapped.push(`${indent}/**`, ...fill(wordsOf(whole), `${indent} * `), `${indent} */`)
    else {
      const words = wordsOf(comment.text)
      for (
        let next = commentOf(lines[at + 1] ?? '');
        next?.prefix === comment.prefix;
        next = commentOf(lines[at + 1] ?? '')
      ) {
        words.push(...wordsOf(next.text))
        at += 1
      }
      wrapped.push(...fill(words, comment.prefix))
    }
  }
  return wrapped
}

const tooLong = []
for (const source of sources) {
  const text = readFileSync(source, 'utf8')
  const lines = text.split('\n')
  const kept = process.argv.includes('--fix') ? wrap(lines) : lines
  if (kept.join('\n') !== text) writeFileSync(source, kept.join('\n'))
  for (const [index, line] of kept.entries()) {
    if (isTooLong(line)) tooLong.push(`${source}:${index + 1}: ${line.length} columns`)
  }
}
if (tooLong.length > 0) {
  console.error(tooLong.join('\n'))
  process.exitCode = 1
}
