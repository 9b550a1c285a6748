/** Runs `work` and says by how many MB the process grew meanwhile at the most, as the system sees it. */
export const growthOf = async <Value>(
  work: () => Promise<Value>,
): Promise<{ readonly value: Value; readonly grownMb: number }> => {
  const before = process.memoryUsage.rss()
  let most = before
  const look = (): void => {
    most = Math.max(most, process.memoryUsage.rss())
  }
  const timer = setInterval(look, 10)
  try {
    const value = await work()
    look()
    return { value, grownMb: (most - before) / 1_048_576 }
  } finally {
    clearInterval(timer)
  }
}
