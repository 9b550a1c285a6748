import { describe, expect, it } from 'vitest'
import { csvOf } from '../../../infra/console/fleet/csv.ts'
import type { Member } from '../../../infra/console/fleet/members.ts'

const member = (changes: Partial<Member> = {}): Member => ({
  id: 'db1',
  engine: 'oracle',
  region: 'cn-hangzhou',
  tags: [],
  standing: 'failed',
  before: 'passed',
  completedAt: 1_700_000_000,
  new: 2,
  resolved: 0,
  isRunning: false,
  ...changes,
})

const linesOf = (...members: readonly Member[]) => csvOf(members, 1_700_000_060).split('\r\n').slice(1, -1)

describe('the file for spreadsheets', () => {
  it('has a line for each instance', () => {
    expect(linesOf(member(), member({ id: 'db2', completedAt: 0, isRunning: true }))).toEqual([
      'db1,oracle,cn-hangzhou,,failed,passed,2023-11-14T22:13:20.000Z,2,0,no,no',
      'db2,oracle,cn-hangzhou,,failed,passed,,2,0,yes,no',
    ])
  })

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1'])('computes nothing of %j', (tag) => {
    expect(linesOf(member({ tags: [tag] }))[0]).toContain(`,'${tag},`)
  })

  it('keeps commas and quotes in their cells', () => {
    expect(linesOf(member({ tags: ['a:"x", y'] }))[0]).toContain(',"a:""x"", y",')
  })
})
