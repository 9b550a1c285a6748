import { byHand } from '../../model/remediation.ts'
import { mysqlClient } from './languages.ts'
import { step } from './step.ts'

/** Steps for replicas. The two products have words of their own for the same. */
export const replicationSteps = {
  showSlaves: step('SHOW_SLAVES', {
    language: mysqlClient,
    risk: 'online',
    needs: 'SLAVE MONITOR',
    en: 'See what stopped the replication (Last_IO_Error, Last_SQL_Error).',
    zh: '查看复制停止的原因（Last_IO_Error、Last_SQL_Error）。',
    command: () => 'SHOW ALL SLAVES STATUS;',
  }),
  startSlaves: step('START_SLAVES', {
    language: mysqlClient,
    risk: 'online',
    needs: 'REPLICATION SLAVE ADMIN',
    en: 'Start the replication again, once its reason is gone.',
    zh: '排除原因后，重新启动复制。',
    command: () => 'START ALL SLAVES;',
  }),
  showReplica: step('SHOW_REPLICA', {
    language: mysqlClient,
    risk: 'online',
    needs: 'REPLICATION CLIENT',
    en: 'See what stopped the replication (Last_IO_Error, Last_SQL_Error).',
    zh: '查看复制停止的原因（Last_IO_Error、Last_SQL_Error）。',
    command: () => 'SHOW REPLICA STATUS;',
  }),
  startReplica: step('START_REPLICA', {
    language: mysqlClient,
    risk: 'online',
    needs: 'REPLICATION_SLAVE_ADMIN',
    en: 'Start the replication again, once its reason is gone.',
    zh: '排除原因后，重新启动复制。',
    command: () => 'START REPLICA;',
  }),
  waitForSource: step('WAIT_FOR_SOURCE', {
    language: byHand,
    risk: 'online',
    needs: 'backup-administrator',
    en: 'Wait until the replica has caught up, or back up its source.',
    zh: '等待副本追上，或改为备份其源服务器。',
  }),
  logUpdates: step('LOG_UPDATES', {
    language: byHand,
    risk: 'restart',
    needs: 'host-administrator',
    en: 'Set log_slave_updates = ON (log_replica_updates since MySQL 8.0.26) in the configuration of the server, restart it, then run a full backup. Or back up the log of the source.',
    zh: '在服务器配置中设置 log_slave_updates = ON（MySQL 8.0.26 起为 log_replica_updates），重启后执行一次全量备份。或者备份源服务器的日志。',
  }),
  ownDomain: step('OWN_DOMAIN', {
    language: byHand,
    risk: 'online',
    needs: 'anybody',
    en: 'Find out who writes to the replica. Let nobody do so (read_only), or give it a gtid_domain_id of its own; then run a full backup.',
    zh: '查明是谁在副本上写入。禁止写入（read_only），或为其设置独立的 gtid_domain_id，然后执行一次全量备份。',
  }),
  enableGtid: step('ENABLE_GTID', {
    language: byHand,
    risk: 'online',
    needs: 'anybody',
    en: 'Finish the change of gtid_mode on every server of the replication: ON, or OFF.',
    zh: '在复制拓扑的所有服务器上完成 gtid_mode 的变更：设为 ON 或 OFF。',
  }),
} as const
