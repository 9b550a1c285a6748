import { describe, expect, it } from 'vitest'
import { answerOf } from '../../../../shared/flows/prechecks/ask-database.ts'
import type { StatementOutcome } from '../../../../shared/ports/probe.ts'

const refused = { refused: { code: 'SQLSERVER_LOCK_TIMED_OUT', params: { number: 1222 } } }

const answering = (outcomes: Readonly<Record<string, StatementOutcome>>) => async (sql: string) =>
  outcomes[sql] ?? { rows: [] }

describe('the answer to a question', () => {
  it('has null for an optional statement that was refused, and says why', async () => {
    const ask = answering({ first: { rows: [{ held: 1 }] }, second: refused })
    const queries = {
      of: { sql: 'first' },
      tables: { sql: 'second', optional: true },
      rest: { sql: 'third' },
    } as const
    expect(await answerOf(ask, queries)).toEqual({
      answer: {
        of: [{ held: 1 }],
        tables: null,
        rest: [],
        refusals: { tables: 'SQLSERVER_LOCK_TIMED_OUT' },
      },
    })
  })

  it('is the problem of a statement that every answer rests on', async () => {
    const ask = answering({ first: refused })
    expect(await answerOf(ask, { of: { sql: 'first' } })).toEqual({ problem: refused.refused })
  })
})
