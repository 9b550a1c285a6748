import { tableOf } from '../../forms/csv.ts'
import { type Member, isStale } from './members.ts'

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

const rowOf = (member: Member, now: number): readonly string[] => [
  member.id,
  member.engine,
  member.region,
  member.tags.join(' '),
  member.standing,
  member.before,
  member.completedAt === 0 ? '' : new Date(member.completedAt * 1000).toISOString(),
  String(member.new),
  String(member.resolved),
  member.isRunning ? 'yes' : 'no',
  isStale(member, now) ? 'yes' : 'no',
]

/** Instances as a file for spreadsheets (RFC 4180), in the order that is shown. `now`: seconds since 1970. */
export const csvOf = (members: readonly Member[], now: number): string =>
  tableOf([columns, ...members.map((member) => rowOf(member, now))])
