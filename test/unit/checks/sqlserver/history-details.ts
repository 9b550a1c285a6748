/** What the remediations of backup history run and verify by, for `Sales`. */
export const verifyBackups =
  "tsql: SELECT TOP (10) type, backup_finish_date, is_copy_only, server_name FROM msdb.dbo.backupset WHERE database_name = N'Sales' ORDER BY backup_finish_date DESC;"

export const showBackups =
  "online tsql: SELECT TOP (50) s.type, s.backup_finish_date, s.is_copy_only, s.is_snapshot, s.is_damaged, s.server_name, s.user_name, m.device_type, m.physical_device_name FROM msdb.dbo.backupset AS s JOIN msdb.dbo.backupmediafamily AS m ON m.media_set_id = s.media_set_id WHERE s.database_name = N'Sales' ORDER BY s.backup_finish_date DESC;"
