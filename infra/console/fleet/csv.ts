import { type Member, isStale } from './members.ts'

/** A cell that begins like this would be computed by a spreadsheet. */
const formula = /^[=+\-@\t\r]/

const cellOf = (value: string | number): string => {
  const text = typeof value === 'string' && formula.test(value) ? `'${value}` : String(value)
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

const columns = [
  'instance',
  'engine',
  'region',
  'tags',
  'outcome',
  'outcome_before',
  'completed_at_utc',
  'new_findings',
  'resolved_findings',
  'running',
  'stale',
] as const

const rowOf = (member: Member, now: number): readonly (string | number)[] => [
  member.id,
  member.engine,
  member.region,
  member.tags.join(' '),
  member.standing,
  member.before,
  member.completedAt === 0 ? '' : new Date(member.completedAt * 1000).toISOString(),
  member.new,
  member.resolved,
  member.isRunning ? 'yes' : 'no',
  isStale(member, now) ? 'yes' : 'no',
]

/** Instances as a file for spreadsheets (RFC 4180), in the order that is shown. `now`: seconds since 1970. */
export const csvOf = (members: readonly Member[], now: number): string =>
  [columns, ...members.map((member) => rowOf(member, now))]
    .map((row) => `${row.map(cellOf).join(',')}\r\n`)
    .join('')
