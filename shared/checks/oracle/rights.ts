/** Privileges that steps take ("Prerequisites" of each statement, SQL Language Reference; Administrator's Guide). */
export type OracleRight = 'SYSDBA' | 'SYSBACKUP' | 'ALTER SYSTEM' | 'ALTER USER' | 'SELECT_CATALOG_ROLE'
