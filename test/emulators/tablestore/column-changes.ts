import { parameterInvalid } from './errors.ts'
import type { Table, Version } from './table.ts'
import type { Change } from './write-checks.ts'

/** Columns of a row by name, versions newest first. */
export type Columns = ReadonlyMap<string, readonly Version[]>

const greatestInteger = 2n ** 63n - 1n
const smallestInteger = -(2n ** 63n)

/** Versions that a writer gives must be near the clock, and not expired (product manual, "Data versions and TTL"). */
const checkVersion = ({ options }: Table, name: string, timestamp: number, now: number): void => {
  const at = Math.floor(timestamp / 1000)
  const clock = Math.floor(now / 1000)
  const oldest =
    clock - Math.min(options.deviation, options.timeToLive === -1 ? Infinity : options.timeToLive)
  if (at < oldest || at >= clock + options.deviation)
    throw parameterInvalid(`Invalid timestamp. Cell:'${name}'.`)
}

const withVersion = (table: Table, versions: readonly Version[], version: Version): Version[] =>
  [...versions.filter(({ timestamp }) => timestamp !== version.timestamp), version]
    .sort((left, right) => right.timestamp - left.timestamp)
    .slice(0, table.options.maxVersions)

const increment = (name: string, versions: readonly Version[], by: bigint, now: number): Version => {
  const [latest] = versions
  if (latest && latest.value.type !== 'integer')
    throw parameterInvalid(`Column '${name}' is not of type INTEGER and cannot be incremented.`)
  const sum = (latest?.value.type === 'integer' ? latest.value.value : 0n) + by
  if (sum > greatestInteger || sum < smallestInteger)
    throw parameterInvalid(`Column '${name}' overflows when it is incremented.`)
  return { value: { type: 'integer', value: sum }, timestamp: Math.max(now, latest?.timestamp ?? 0) }
}

const changedVersions = (
  table: Table,
  versions: readonly Version[],
  change: Change,
  now: number,
): Version[] => {
  switch (change.action) {
    case 'put': {
      const timestamp = change.timestamp ?? now
      checkVersion(table, change.name, timestamp, now)
      return withVersion(table, versions, { value: change.value, timestamp })
    }
    case 'increment':
      return withVersion(table, versions, increment(change.name, versions, change.value, now))
    case 'delete_one':
      return versions.filter(({ timestamp }) => timestamp !== change.timestamp)
    case 'delete_all':
      return []
  }
}

/** Columns as they are after the changes, in their order. @throws ServiceError OTSParameterInvalid. */
export const changedColumns = (
  table: Table,
  columns: Columns,
  changes: readonly Change[],
  now: number,
): Columns => {
  const changed = new Map(columns)
  for (const change of changes) {
    const versions = changedVersions(table, changed.get(change.name) ?? [], change, now)
    if (versions.length > 0) changed.set(change.name, versions)
    else changed.delete(change.name)
  }
  return changed
}
