import type { Member } from './members.ts'

interface Started {
  readonly started: readonly string[]
  /** When the last result of each was there before. */
  readonly before: ReadonlyMap<string, number>
}

/** How many of those that were started have ended, by what the fleet shows now. */
export const endedOf = (
  { started, before }: Started,
  members: readonly Pick<Member, 'id' | 'completedAt' | 'isRunning'>[],
): number => {
  const wanted = new Set(started)
  return members.filter(
    ({ id, completedAt, isRunning }) =>
      wanted.has(id) && !isRunning && completedAt > (before.get(id) ?? Infinity),
  ).length
}
