import type { Operation } from '../../model/operation.ts'
import type { CheckContext } from '../framework/define-check.ts'
import { type DatabaseRow, systemDatabases } from './databases.ts'

/** True for what setup made, while nobody asks for one of these operations: that it does not take them is no failure. */
export const isLeftAsSetUp = (
  row: DatabaseRow,
  operations: readonly Operation[],
  { target }: CheckContext,
): boolean => {
  const { model, msdb } = systemDatabases
  const isOfSetup = row.database_id === model || row.database_id === msdb || row.is_distributor === true
  return isOfSetup && !operations.some((each) => target.definition.operations?.includes(each))
}
