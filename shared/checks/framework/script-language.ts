import type { Text } from '../../model/message.ts'

/** A language in which steps are typed, and what its client makes of them before the server sees them. */
export interface ScriptLanguage {
  /** As steps name it. */
  readonly name: string
  /** The program into which a step is typed. */
  readonly client: string
  /** Matches what the client would expand or split, even in quotes or comments; null where that is nothing. */
  readonly hazard: RegExp | null
}

/** What the shells of the host take literally in single quotes, they take so in a script. */
export const bash: ScriptLanguage = { name: 'bash', client: 'bash', hazard: null }
export const powershell: ScriptLanguage = { name: 'powershell', client: 'PowerShell', hazard: null }

/** A line break ends a statement or a comment, or makes a `GO` or a `/` of its own line; others hide what is typed. */
const control = /[\p{Cc}\p{Zl}\p{Zp}]/u

/** Terms of what makes a command unsafe, beside what a client says itself. */
export const hazardWords = {
  'control-character': { en: 'a line break or another control character', zh: '换行符或其他控制字符' },
} as const satisfies Record<string, Text>

/** What the client of a language would expand or split in a command, as a parameter of a text; null if nothing. */
export const hazardIn = (
  command: string,
  { hazard }: ScriptLanguage,
): string | readonly (keyof typeof hazardWords)[] | null => {
  if (control.test(command)) return ['control-character']
  return hazard?.exec(command)?.[0] ?? null
}

const escaped = (characters: string): string =>
  Array.from(characters, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`).join(
    '',
  )

/** A text on one line in which the client of a language finds nothing to expand or to split: such characters as `\u000a`. */
export const defused = (text: string, { hazard }: ScriptLanguage): string => {
  const oneLine = text.replaceAll(new RegExp(control, 'gu'), escaped)
  return hazard === null ? oneLine : oneLine.replaceAll(new RegExp(hazard, 'g'), escaped)
}
