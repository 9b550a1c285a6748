import { msPerMinute } from '../../model/durations.ts'
import { digestOf } from '../events/digest.ts'
import { type Digest, type DigestEntry, maxDigestEntries } from '../events/digest-parts.ts'
import type { WebhookEvent } from '../events/event.ts'
import { bytesOf, fullestThatFits } from '../events/size.ts'
import { type CallRequest, type Format, secondsOf } from './format.ts'
import { codedRefusal, robotCall } from './robot.ts'
import { feishuSignature } from './signature.ts'

/** Bytes of a body that a custom bot of Feishu accepts: 20 KB ("Custom bot usage guide"). */
const maxBytes = 20_000

/** Proves to the bot that the message is from who holds its secret. The time is in seconds. */
interface Proof {
  readonly timestamp: string
  readonly sign: string
}

const colours = { good: 'green', fair: 'yellow', odd: 'orange', bad: 'red' } as const

/** In `plain_text` nothing is markup: no mentions, no links, no tags. */
const plain = (content: string) => ({ tag: 'plain_text', content })

const paragraph = (lines: readonly string[]) => ({ tag: 'div', text: plain(lines.join('\n')) })

const entryLines = ({ subject, effect, why, fix }: DigestEntry): string[] => [
  `${subject} — ${effect}`,
  why,
  ...(fix ? [`${fix.label}${[fix.command, fix.remark].filter((part) => part !== null).join('  ')}`] : []),
]

const cardOf = (digest: Digest) => ({
  config: { wide_screen_mode: true },
  header: { title: plain(digest.title), template: colours[digest.tone] },
  elements: [
    paragraph(digest.notes),
    ...digest.entries.map((entry) => paragraph(entryLines(entry))),
    ...(digest.more === null ? [] : [paragraph([digest.more])]),
    { tag: 'note', elements: [plain(digest.footer)] },
  ],
})

/** A message card without any markup. `proof`: for a bot that checks signatures; null for another. */
const bodyOf = (event: WebhookEvent, proof: Proof | null): string =>
  fullestThatFits(
    maxDigestEntries,
    (entries) =>
      JSON.stringify({ ...proof, msg_type: 'interactive', card: cardOf(digestOf(event, entries)) }),
    (body) => bytesOf(body) <= maxBytes,
  )

const proofOf = ({ signingSecret, now }: CallRequest): Proof | null => {
  if (signingSecret === null) return null
  const timestamp = secondsOf(now)
  return { timestamp: String(timestamp), sign: feishuSignature(signingSecret, timestamp) }
}

/** It accepts 100 messages a minute and 5 a second. */
const pauses = { 11232: msPerMinute, 9499: msPerMinute }

/** A custom bot of Feishu or Lark. */
export const feishu: Format = {
  callOf: (request) => robotCall(request.address, bodyOf(request.event, proofOf(request))),
  refusalOf: codedRefusal('feishu', pauses),
}
