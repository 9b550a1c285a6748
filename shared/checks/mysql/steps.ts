import { byHand } from '../../model/remediation.ts'
import { step } from './step.ts'

/** Every step that sets the server up for backups of its binary log, or brings it to another version. */
export const serverSteps = {
  upgrade: step('UPGRADE', {
    language: byHand,
    risk: 'downtime',
    needs: 'host-administrator',
    en: 'Upgrade the server to a series in support, after a full backup. A physical backup restores into a server of its own series only.',
    zh: '执行全量备份后，将服务器升级到受支持的版本系列。物理备份只能恢复到相同版本系列的服务器。',
  }),
  moveToSupported: step('MOVE_TO_SUPPORTED', {
    language: byHand,
    risk: 'downtime',
    needs: 'host-administrator',
    en: 'Back the server up natively, or move the databases to a server that Cloud Backup lists: MySQL 5.1.38 to 8.0.32 on Linux.',
    zh: '使用数据库自带的工具备份，或将数据库迁移到云备份支持的服务器：Linux 上的 MySQL 5.1.38 至 8.0.32。',
  }),
  enableBinlog: step('ENABLE_BINLOG', {
    language: byHand,
    risk: 'restart',
    needs: 'host-administrator',
    en: 'In the section [mysqld] of the configuration of the server, set log_bin = binlog and a server_id that no other server of the replication has.',
    zh: '在服务器配置的 [mysqld] 部分设置 log_bin = binlog，以及在复制拓扑中唯一的 server_id。',
  }),
  restart: step('RESTART', {
    language: byHand,
    risk: 'restart',
    needs: 'host-administrator',
    en: 'Restart the service of the server.',
    zh: '重启该服务器的服务。',
  }),
  backUpInFull: step('BACK_UP_IN_FULL', {
    language: byHand,
    risk: 'online',
    needs: 'backup-administrator',
    en: 'Run a full backup with the backup plan: the binary log leads on from a backup that was taken after it was switched on.',
    zh: '通过备份计划执行一次全量备份：二进制日志只能与启用之后的备份配合使用。',
  }),
} as const
