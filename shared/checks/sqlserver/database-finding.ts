import type { FindingDraft } from '../framework/define-check.ts'
import type { DatabaseRow } from './databases.ts'

type Part<Code extends string> = Pick<FindingDraft<Code>, 'code'> & Partial<FindingDraft<Code>>

/** A finding on a database: every text of it may name the database. */
export const onDatabase = <Code extends string>(
  { name }: DatabaseRow,
  part: Part<Code>,
): FindingDraft<Code> => ({
  observed: {},
  expected: {},
  ...part,
  params: { database: name, ...part.params },
  object: { type: 'database', name },
})

/** One on a database that is expected to be ONLINE. */
export const onState = <Code extends string>(row: DatabaseRow, part: Part<Code>): FindingDraft<Code> =>
  onDatabase(row, {
    ...part,
    observed: { state_desc: row.state_desc, is_in_standby: row.is_in_standby, ...part.observed },
    expected: { state_desc: 'ONLINE', ...part.expected },
  })

/** One on a database that is expected to be in the FULL recovery model. */
export const onModel = <Code extends string>(row: DatabaseRow, part: Part<Code>): FindingDraft<Code> =>
  onDatabase(row, {
    ...part,
    observed: { recovery_model_desc: row.recovery_model_desc },
    expected: { recovery_model_desc: 'FULL' },
  })
