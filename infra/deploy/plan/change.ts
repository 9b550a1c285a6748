/** One thing that is not as it should be, and how it becomes so. Planning it has changed nothing. */
export interface Change {
  /** For example `create queue precheck-checks`. */
  readonly title: string
  /** What it will be like, a line each. */
  readonly details: readonly string[]
  readonly apply: () => Promise<void>
}
