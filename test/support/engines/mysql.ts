import { metByMySql } from '../errors/mysql.ts'
import { mysqlFacts, mysqlSamples } from '../facts/mysql.ts'
import { type EngineInTests, credential } from '../engine-in-tests.ts'

/** MySQL and MariaDB, as the tests see them that hold something for every engine. */
export default {
  meets: (number) => metByMySql(number),
  connection: { host: 'db.example', credential },
  backupAccount: 'backup',
  samples: mysqlSamples,
  words: {
    variable_name: ['version', 'version_compile_os', 'log_bin', 'binlog_format', 'server_id'],
    value: ['8.0.32', '8.4.3', '5.7.44-log', '10.11.19-MariaDB', 'Linux', 'Win64', 'ON', 'OFF', 'ROW', '1'],
  },
  meaningfulNulls: [],
  notNeeded: [],
  healthy: mysqlFacts(),
} satisfies EngineInTests
