import { msPerMinute } from '../../model/durations.ts'
import { digestOf } from '../events/digest.ts'
import { type Digest, type DigestEntry, maxDigestEntries } from '../events/digest-parts.ts'
import type { WebhookEvent } from '../events/event.ts'
import { fullestThatFits } from '../events/size.ts'
import { type Format, isSuccess } from './format.ts'
import { robotCall, unknownAnswer } from './robot.ts'

/**
 * Characters of a body. Slack documents 3000 for a section and 50 blocks, and rejects messages of about 13,000
 * in all (msg_blocks_too_long): this stays well below.
 */
const maxCharacters = 10_000

/** A run of text of a `rich_text` block. Slack looks for no markup in it: what is bold or code is said beside it. */
interface Run {
  readonly type: 'text'
  readonly text: string
  readonly style?: { readonly bold?: true; readonly code?: true }
}

const run = (text: string, style?: Run['style']): Run => ({ type: 'text', text, ...(style && { style }) })

const section = (elements: readonly Run[]) => ({ type: 'rich_text_section', elements })

const entryRuns = ({ subject, effect, why, fix }: DigestEntry): Run[] => [
  run('\n'),
  run(subject, { bold: true }),
  run(` — ${effect}\n${why}\n`),
  ...(fix ? [run(fix.label)] : []),
  ...(fix?.command ? [run(fix.command, { code: true })] : []),
  ...(fix ? [run(`${fix.command && fix.remark ? '  ' : ''}${fix.remark ?? ''}\n`)] : []),
]

/** The fallback of notifications is the one text that Slack reads as markup: it holds the title alone, escaped as "Formatting text" says. */
const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const messageOf = (digest: Digest): string =>
  JSON.stringify({
    text: escape(digest.title),
    blocks: [
      {
        type: 'rich_text',
        elements: [
          section([run(digest.title, { bold: true }), run(`\n${digest.notes.join('\n')}\n`)]),
          ...digest.entries.map((entry) => section(entryRuns(entry))),
          section([run(`\n${digest.more === null ? '' : `${digest.more}\n`}${digest.footer}`)]),
        ],
      },
    ],
  })

/** A message of one `rich_text` block. */
const bodyOf = (event: WebhookEvent): string =>
  fullestThatFits(
    maxDigestEntries,
    (entries) => messageOf(digestOf(event, entries)),
    (body) => body.length <= maxCharacters,
  )

/** Slack answers in a word or two, such as `invalid_payload` or `No service`. Other answers do not belong in a log. */
const knownAnswer = /^[A-Za-z_ ]{1,64}$/

const refusalOf: Format['refusalOf'] = (status, body) => {
  const text = body.trim()
  if (isSuccess(status) && text === 'ok') return null
  if (!knownAnswer.test(text)) return unknownAnswer('slack')
  return { detail: `slack: ${text}`, retryAfterMs: text === 'rate_limited' ? msPerMinute : null }
}

/** An incoming webhook of Slack. */
export const slack: Format = {
  callOf: ({ address, event }) => robotCall(address, bodyOf(event)),
  refusalOf,
}
