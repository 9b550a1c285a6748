import type { FleetMember } from '../../../shared/model/standing.ts'

const columns = [
  'instance',
  'engine',
  'region',
  'tags',
  'enabled',
  'outcome',
  'previousOutcome',
  'completedAt',
  'new',
  'resolved',
  'precheckId',
  'running',
] as const

/** What a spreadsheet would take for a formula begins with an apostrophe, by which it shows the text. */
const guarded = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text)

/** A field of RFC 4180. */
const field = (value: string | number | boolean): string => {
  if (typeof value !== 'string') return String(value)
  const text = guarded(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

const rowOf = ({ id, engine, region, tags, enabled, last, runningId }: FleetMember): string =>
  [
    id,
    engine,
    region,
    Object.entries(tags)
      .map(([key, value]) => `${key}:${value}`)
      .join(' '),
    enabled,
    last?.outcome ?? '',
    last?.previousOutcome ?? '',
    last?.completedAt ?? '',
    last?.new ?? '',
    last?.resolved ?? '',
    last?.precheckId ?? '',
    runningId ?? '',
  ]
    .map(field)
    .join(',')

/** How the instances stand, as a spreadsheet reads it. */
export const csvOf = (fleet: readonly FleetMember[]): string =>
  [columns.join(','), ...fleet.map(rowOf), ''].join('\r\n')
