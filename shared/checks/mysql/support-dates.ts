import type { Product } from './product.ts'

/**
 * The last day (UTC) on which a series is mended, with long-term support. MySQL: extended support, "Oracle Lifetime
 * Support Policy for Technology Products"; MariaDB: "Maintenance policy" of the MariaDB Foundation. A series that is
 * missing between two of these was supported until the next one came.
 */
const lastDays: Readonly<Record<Product['name'], ReadonlyMap<string, string>>> = {
  MySQL: new Map([
    ['5.5', '2018-12-31'],
    ['5.6', '2021-02-28'],
    ['5.7', '2023-10-31'],
    ['8.0', '2026-04-30'],
    ['8.4', '2032-04-30'],
  ]),
  MariaDB: new Map([
    ['10.1', '2020-10-17'],
    ['10.2', '2022-05-23'],
    ['10.3', '2023-05-25'],
    ['10.4', '2024-06-18'],
    ['10.5', '2025-06-24'],
    ['10.6', '2026-07-06'],
    ['10.11', '2028-02-16'],
    ['11.4', '2029-05-29'],
    ['11.8', '2028-06-04'],
  ]),
}

/** The pages that say so. */
export const supportDocuments = [
  'https://www.oracle.com/us/assets/lifetime-support-technology-069183.pdf',
  'https://mariadb.org/about/#maintenance-policy',
] as const

const newest: Readonly<Record<Product['name'], readonly [number, number]>> = {
  MySQL: [8, 4],
  MariaDB: [11, 8],
}

/** Until when a series is mended. `short-term`: until the next one came; `newer`: it is not known here. */
export const supportOf = ({
  name,
  series,
  numbers: [major, minor],
}: Product): { readonly end: string } | 'short-term' | 'newer' => {
  const end = lastDays[name].get(series)
  if (end !== undefined) return { end }
  const [newestMajor, newestMinor] = newest[name]
  const isNewer = major > newestMajor || (major === newestMajor && minor > newestMinor)
  return isNewer ? 'newer' : 'short-term'
}
