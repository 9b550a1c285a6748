/** How to fix something. `command` is typed as it is; null where it cannot be shown in a chat. */
export interface DigestFix {
  /** Comes before the command or the remark, colon included. */
  readonly label: string
  readonly command: string | null
  /** Beside or instead of the command. */
  readonly remark: string | null
}

/** One object: what it is, what is blocked, why, and the fix. Texts are on one line each and hold names as they are. */
export interface DigestEntry {
  readonly subject: string
  readonly effect: string
  readonly why: string
  readonly fix: DigestFix | null
}

/** A short message as a person reads it in a chat, not yet in the markup of any. */
export interface Digest {
  /** How bad it is, for colours. */
  readonly tone: 'good' | 'fair' | 'odd' | 'bad'
  readonly title: string
  readonly notes: readonly string[]
  readonly entries: readonly DigestEntry[]
  /** How many more there are; null when all are shown. */
  readonly more: string | null
  /** Where to read everything. */
  readonly footer: string
}

/** Entries of a message at most: it is read on a telephone. */
export const maxDigestEntries = 10
