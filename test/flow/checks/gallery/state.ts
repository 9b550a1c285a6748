import type { WindowsHostFacts } from '../../../emulators/openapi/host-answers.ts'
import type { MySqlState } from '../../../emulators/mysql/catalogue-answers.ts'
import type { SqlServerState } from '../../../emulators/sqlserver/catalogue-answers.ts'
import type { OracleFacts } from '../../../support/facts/oracle.ts'
import type { LinuxTools } from '../../../support/linux-host.ts'
import type { StandIns } from '../../../support/stand-ins.ts'

type Definition = ReturnType<StandIns['definitionOf']>

interface About {
  readonly when: string
  /** What is different of the registration that other states have. */
  readonly registered?: (usual: Definition) => Readonly<Record<string, unknown>>
  /** All that a precheck of the standard set finds, as `ITEM CODE`, or `ITEM status REASON` of what is not judged; in any order. */
  readonly finds: readonly string[]
}

/** A SQL Server on Windows, and what is different from a healthy one. */
export interface BrokenSqlServer extends About {
  readonly server?: SqlServerState
  readonly host?: Partial<WindowsHostFacts>
}

/** An Oracle server on Linux, and what is different from a healthy one. */
export interface BrokenOracle extends About {
  readonly server?: Partial<OracleFacts>
  readonly host?: LinuxTools
}

/** A MySQL or MariaDB on Linux, and what is different from a healthy MySQL 8.0. */
export interface BrokenMySql extends About {
  readonly server?: MySqlState
}
