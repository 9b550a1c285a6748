/** How many of those that were started have ended by what the fleet shows now. Times in seconds since 1970. */
export const endedOf = (
  { started, startedAt }: { readonly started: readonly string[]; readonly startedAt: number },
  members: readonly { readonly id: string; readonly completedAt: number; readonly isRunning: boolean }[],
): number => {
  const wanted = new Set(started)
  return members.filter(
    ({ id, completedAt, isRunning }) => wanted.has(id) && !isRunning && completedAt >= startedAt,
  ).length
}
