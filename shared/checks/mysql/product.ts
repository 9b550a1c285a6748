/** What a server is: MySQL (Percona Server too, which follows its versions), or MariaDB, which does not. */
export interface Product {
  readonly name: 'MySQL' | 'MariaDB'
  /** As in 10.11.19: numbers alone. */
  readonly version: string
  /** What is supported together, as in 10.11. */
  readonly series: string
  /** Its numbers, for comparison. */
  readonly numbers: readonly [major: number, minor: number, patch: number]
}

/** Databases of others that take the place of MySQL and say so in their version. */
const others = /tidb|oceanbase|vitess|singlestore|memsql|doris|starrocks/i

/** MariaDB put this before its version, for clients that took 10 for older than 5. */
const oldPrefix = /^5\.5\.5-(?=\d+\.\d+\.\d+-MariaDB)/i

/** Reads `@@version`; null for what is neither. */
export const productOf = (version: string | null): Product | null => {
  const text = (version ?? '').replace(oldPrefix, '')
  const [, major, minor, patch] = /^(\d{1,3})\.(\d{1,3})\.(\d{1,4})(?!\d)/.exec(text) ?? []
  if (major === undefined || minor === undefined || patch === undefined || others.test(text)) return null
  return {
    name: /mariadb/i.test(text) ? 'MariaDB' : 'MySQL',
    version: `${major}.${minor}.${patch}`,
    series: `${major}.${minor}`,
    numbers: [Number(major), Number(minor), Number(patch)],
  }
}

/** Negative where the first is the older version, 0 where both are the same. */
export const compareVersions = (one: readonly number[], other: readonly number[]): number => {
  const at = one.findIndex((number, index) => number !== other[index])
  return at === -1 ? 0 : (one[at] ?? 0) - (other[at] ?? 0)
}
