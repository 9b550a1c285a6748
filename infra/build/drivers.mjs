/** The drivers of the databases, one for each engine: who may see them (oxlint.config.mjs), and how they are built in. */
export const databaseDrivers = ['tedious', 'oracledb', 'mysql2']
