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
  if (version === null || others.test(version)) return null
  const text = version.replace(oldPrefix, '')
  const number = /^\d{1,3}\.\d{1,3}\.\d{1,4}(?!\d)/.exec(text)?.[0]
  if (number === undefined) return null
  const [major = 0, minor = 0, patch = 0] = number.split('.').map(Number)
  return {
    name: /mariadb/i.test(text) ? 'MariaDB' : 'MySQL',
    version: number,
    series: `${major}.${minor}`,
    numbers: [major, minor, patch],
  }
}

/** Negative where the first is the older version, 0 where both are the same. */
export const compareVersions = (one: readonly number[], other: readonly number[]): number => {
  const differences = one.map((number, index) => number - (other[index] ?? 0))
  return differences.find((difference) => difference !== 0) ?? 0
}
