/** Until when a version gets security updates. */
export interface SupportedVersion {
  readonly title: string
  /** The last day of extended support, without the security updates that are paid for after it. */
  readonly supportEnds: string
  /** The page of the vendor that says so. */
  readonly source: `https://${string}`
}

const lifecycle = (product: string): SupportedVersion['source'] =>
  `https://learn.microsoft.com/lifecycle/products/${product}`

/** Versions of SQL Server by the first number of `ProductVersion` (Microsoft Fixed Lifecycle Policy). */
export const supportedVersions: ReadonlyMap<number, SupportedVersion> = new Map([
  [
    11,
    {
      title: 'SQL Server 2012',
      supportEnds: '2022-07-12',
      source: lifecycle('microsoft-sql-server-2012'),
    },
  ],
  [12, { title: 'SQL Server 2014', supportEnds: '2024-07-09', source: lifecycle('sql-server-2014') }],
  [13, { title: 'SQL Server 2016', supportEnds: '2026-07-14', source: lifecycle('sql-server-2016') }],
  [14, { title: 'SQL Server 2017', supportEnds: '2027-10-12', source: lifecycle('sql-server-2017') }],
  [15, { title: 'SQL Server 2019', supportEnds: '2030-01-08', source: lifecycle('sql-server-2019') }],
  [16, { title: 'SQL Server 2022', supportEnds: '2033-01-11', source: lifecycle('sql-server-2022') }],
  [17, { title: 'SQL Server 2025', supportEnds: '2036-01-06', source: lifecycle('sql-server-2025') }],
])

/** The newest version of the table. */
export const newestListed = Math.max(...supportedVersions.keys())
