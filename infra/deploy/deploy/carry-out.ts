import type { Change } from '../plan/change.ts'
import { RightMissing } from '../plan/failure.ts'
import type { Part } from './service.ts'

/** Writes one line. */
export type Print = (line: string) => void

/** A part with what it is to change. */
interface PlannedPart {
  readonly needsAll: boolean
  readonly changes: readonly Change[]
}

/** What is to be done, and the refusals of what could not be read. */
export interface Plan {
  readonly parts: readonly PlannedPart[]
  readonly refused: readonly RightMissing[]
}

/** Everything is read before anything is changed, so that a wrong region leaves nothing half done. */
export const planAll = async (parts: readonly Part[]): Promise<Plan> => {
  const planned: PlannedPart[] = []
  const refused: RightMissing[] = []
  for (const { plan, needsAll = false } of parts) {
    try {
      planned.push({ needsAll, changes: await plan() })
    } catch (fault) {
      if (!(fault instanceof RightMissing)) throw fault
      refused.push(fault)
    }
  }
  return { parts: planned, refused }
}

/** Every change of a plan, in its order. */
export const changesOf = ({ parts }: Plan): readonly Change[] => parts.flatMap(({ changes }) => changes)

/** Prints what a change is. */
export const show = ({ title, details }: Change, print: Print, progress = ''): void => {
  print(progress + title)
  for (const detail of details) print(`    ${detail}`)
}

/**
 * Makes the changes, and tells each one before. Where a right is missing, the rest of that part is left, and with it
 * what needs all parts; the others are made, so that one run finds every right that is missing. Resolves with the
 * refusals; rejects with whatever else goes wrong.
 */
export const carryOut = async (plan: Plan, print: Print): Promise<readonly RightMissing[]> => {
  const total = changesOf(plan).length
  const refused: RightMissing[] = []
  let number = 0
  for (const { needsAll, changes } of plan.parts) {
    if (needsAll && refused.length > 0) break
    try {
      for (const change of changes) {
        number += 1
        show(change, print, `[${String(number).padStart(String(total).length)}/${total}] `)
        await change.apply()
      }
    } catch (fault) {
      if (!(fault instanceof RightMissing)) throw fault
      refused.push(fault)
    }
  }
  return refused
}
