import { DatabaseSync } from '@photostructure/sqlite'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withRestorablePoints } from '../../../../shared/checks/sqlserver/restorable-points.ts'

/** A backup as the history of backups has it, of one database. */
interface Row {
  readonly type: 'D' | 'I' | 'L'
  readonly minutes: number
  readonly first_lsn: number
  readonly last_lsn: number
  readonly is_sound: 0 | 1
  readonly is_snapshot: 0 | 1
  readonly is_copy_only: 0 | 1
}

interface Point {
  readonly minutes: number
  readonly gap_minutes: number | null
}

/** The points that the statement finds, oldest first; the part of it under test is standard SQL. */
const pointsOf = (...databases: readonly (readonly Row[])[]): Point[][] => {
  const connection = new DatabaseSync(':memory:')
  connection.exec(`CREATE TABLE history (database_id, type, minutes, first_lsn, last_lsn, is_sound, is_snapshot,
    is_copy_only)`)
  const insert = connection.prepare('INSERT INTO history VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
  for (const [id, rows] of databases.entries()) {
    for (const row of rows) {
      const { type, minutes, first_lsn, last_lsn, is_sound, is_snapshot, is_copy_only } = row
      insert.run(id, type, minutes, first_lsn, last_lsn, is_sound, is_snapshot, is_copy_only)
    }
  }
  const found = connection
    .prepare(
      `SELECT w.database_id, w.minutes, w.gap_minutes FROM ${withRestorablePoints('history')} AS w
      WHERE w.is_point = 1 ORDER BY w.minutes DESC`,
    )
    .all() as unknown as (Point & { readonly database_id: number })[]
  connection.close()
  return databases.map((_, id) =>
    found
      .filter(({ database_id }) => database_id === id)
      .map(({ minutes, gap_minutes }) => ({ minutes, gap_minutes })),
  )
}

const row = (
  type: Row['type'],
  minutes: number,
  lsns: readonly [number, number],
  over: Partial<Row> = {},
): Row => ({
  type,
  minutes,
  first_lsn: lsns[0],
  last_lsn: lsns[1],
  is_sound: 1,
  is_snapshot: 0,
  is_copy_only: 0,
  ...over,
})

const full = row('D', 1000, [95, 100])
const logs = [row('L', 900, [90, 110]), row('L', 800, [110, 120]), row('L', 600, [120, 140])]
const agesOf = (...rows: Row[]) => pointsOf(rows)[0]?.map(({ minutes }) => minutes)

describe('points that a restore could get to', () => {
  it('are full backups, and log backups that follow on', () => {
    expect(pointsOf([full, ...logs])).toEqual([
      [
        { minutes: 1000, gap_minutes: null },
        { minutes: 900, gap_minutes: 100 },
        { minutes: 800, gap_minutes: 100 },
        { minutes: 600, gap_minutes: 200 },
      ],
    ])
  })

  it.each<[string, Row[], number[]]>([
    ['end at a gap', [full, row('L', 900, [90, 110]), row('L', 600, [120, 140])], [1000, 900]],
    ['end at a log backup that is lost', [full, row('L', 900, [90, 110], { is_sound: 0 }), logs[1]!], [1000]],
    [
      'go on after the next incremental backup',
      [full, row('L', 600, [120, 140]), row('I', 500, [138, 150]), row('L', 400, [140, 160])],
      [1000, 500, 400],
    ],
    [
      'do not go on after a snapshot that is a copy',
      [
        full,
        row('L', 600, [120, 140]),
        row('D', 500, [138, 150], { is_snapshot: 1, is_copy_only: 1 }),
        row('L', 400, [140, 160]),
      ],
      [1000, 500],
    ],
    ['need a full backup', [...logs], []],
    ['are not what is damaged', [full, row('D', 500, [130, 150], { is_sound: 0 })], [1000]],
    [
      'go over a full backup during which a log backup was taken',
      [full, logs[0]!, row('D', 850, [105, 115]), logs[1]!],
      [1000, 900, 850, 800],
    ],
  ])('%s', (_, rows, ages) => {
    expect(agesOf(...rows)).toEqual(ages)
  })

  it('are those of each database', () => {
    const [one, other] = pointsOf([full, ...logs], [full, row('L', 100, [500, 600])])
    expect([one?.length, other?.length]).toEqual([4, 1])
  })

  it('are as a walk from one backup to the next finds them', () => {
    const anyRow = fc.record({
      type: fc.constantFrom('D', 'I', 'L'),
      step: fc.integer({ min: 1, max: 20 }),
      back: fc.integer({ min: 0, max: 12 }),
      is_sound: fc.constantFrom(0, 1, 1, 1),
    } as const)
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 12 }), (steps) => {
        let lsn = 100
        const rows = steps.map(({ type, step, back, is_sound }, index) => {
          const first = lsn + 6 - back
          lsn = Math.max(lsn, first) + step
          return row(type, 1000 - index, [first, lsn], { is_sound })
        })
        const expected: number[] = []
        let reached: number | null = null
        let isWhole = false
        for (const each of rows.filter(({ is_sound }) => is_sound === 1)) {
          if (each.type !== 'L') isWhole = true
          else if (reached !== null && each.first_lsn > reached) isWhole = false
          if (isWhole) expected.push(each.minutes)
          reached = Math.max(reached ?? 0, each.last_lsn)
        }
        expect(agesOf(...rows)).toEqual(expected)
      }),
      { numRuns: 300 },
    )
  })
})
