import { byHand } from '../../model/remediation.ts'
import { listOutside } from './data-file-facts.ts'
import { mysqlClient } from './languages.ts'
import { quoteName, quoteString } from './quote.ts'
import { step } from './step.ts'

type OfDatabase = Readonly<Record<'database', string>>
type OfTable = Readonly<Record<'database' | 'table', string>>

const quoted = ({ database, table }: OfTable): string => `${quoteName(database)}.${quoteName(table)}`

/** Steps for tables and views. */
export const tableSteps = {
  listConversions: step('LIST_CONVERSIONS', {
    language: mysqlClient,
    risk: 'online',
    needs: 'SELECT',
    en: 'Print the statements that make the tables of {database} tables of InnoDB.',
    zh: '输出将 {database} 中的表转换为 InnoDB 的语句。',
    command: ({ database }: OfDatabase) =>
      `SELECT CONCAT('ALTER TABLE ', QUOTE(table_schema), '.', QUOTE(table_name), ' ENGINE=InnoDB;') AS statement FROM information_schema.TABLES WHERE table_schema = ${quoteString(database)} AND table_type <> 'VIEW' AND engine IN ('MyISAM', 'Aria', 'MRG_MyISAM', 'CSV', 'ARCHIVE', 'MEMORY');`.replaceAll(
        /QUOTE\((\w+)\)/g,
        "'`', REPLACE($1, '`', '``'), '`'",
      ),
  }),
  convert: step('CONVERT', {
    language: byHand,
    risk: 'downtime',
    needs: 'ALTER',
    en: 'Run those that you can do with: each rebuilds its table, which nobody can write to meanwhile. Or back up with a tool that locks tables.',
    zh: '执行其中可行的语句：每条语句都会重建表，期间无法写入。或者使用会锁表的工具备份。',
  }),
  useDumpHistory: step('USE_DUMP_HISTORY', {
    language: byHand,
    risk: 'online',
    needs: 'backup-administrator',
    en: 'Back up physically, or dump with --dump-history (MariaDB 10.11 or later).',
    zh: '使用物理备份，或在导出时加上 --dump-history（MariaDB 10.11 及更高版本）。',
  }),
  checkTable: step('CHECK_TABLE', {
    language: mysqlClient,
    risk: 'online',
    needs: 'SELECT',
    en: 'See what is wrong with the table {table}.',
    zh: '查看表 {table} 的问题。',
    command: (params: OfTable) => `CHECK TABLE ${quoted(params)} QUICK;`,
  }),
  restoreTable: step('RESTORE_TABLE', {
    language: byHand,
    risk: 'downtime',
    needs: 'backup-administrator',
    en: 'Restore the table {table} from the last good backup. Only if there is none, repair it.',
    zh: '从最近一次可用的备份恢复表 {table}。只有在没有备份时才修复。',
  }),
  repairTable: step('REPAIR_TABLE', {
    language: mysqlClient,
    risk: 'data-loss',
    needs: 'INSERT',
    en: 'If {table} is a table of MyISAM or Aria, repair it: rows that cannot be read are dropped.',
    zh: '如果 {table} 是 MyISAM 或 Aria 表，则修复：无法读取的行会被丢弃。',
    command: (params: OfTable) => `REPAIR TABLE ${quoted(params)};`,
  }),
  repairAnew: step('REPAIR_ANEW', {
    language: mysqlClient,
    risk: 'data-loss',
    needs: 'INSERT',
    en: 'If that cannot read the index of {table}, make the index anew from the rows.',
    zh: '如果无法读取 {table} 的索引，则根据数据行重建索引。',
    command: (params: OfTable) => `REPAIR TABLE ${quoted(params)} USE_FRM;`,
  }),
  installEngine: step('INSTALL_ENGINE', {
    language: byHand,
    risk: 'online',
    needs: 'SUPER',
    en: 'Install the storage engine that CHECK TABLE names (INSTALL SONAME, or INSTALL PLUGIN on MySQL), here and where backups are restored.',
    zh: '安装 CHECK TABLE 所指出的存储引擎（INSTALL SONAME；MySQL 上为 INSTALL PLUGIN），恢复目标服务器上同样需要安装。',
  }),
  showView: step('SHOW_VIEW', {
    language: mysqlClient,
    risk: 'online',
    needs: 'SHOW VIEW',
    en: 'See what the view {table} reads.',
    zh: '查看视图 {table} 所读取的内容。',
    command: (params: OfTable) => `SHOW CREATE VIEW ${quoted(params)};`,
  }),
  recreateView: step('RECREATE_VIEW', {
    language: byHand,
    risk: 'online',
    needs: 'CREATE VIEW',
    en: 'Create what is missing, or the view {table} anew without it (CREATE OR REPLACE VIEW). Only if nobody needs it, drop it.',
    zh: '创建缺失的对象，或去除后重新创建视图 {table}（CREATE OR REPLACE VIEW）。只有在不再需要时才删除。',
  }),
  listWithoutDefiner: step('LIST_WITHOUT_DEFINER', {
    language: mysqlClient,
    risk: 'online',
    needs: 'SELECT',
    en: 'List what in {database} runs as an account that does not exist.',
    zh: '列出 {database} 中以不存在的账号运行的对象。',
    command: ({ statement }: Readonly<Record<'database' | 'statement', string>>) => statement,
  }),
  dropView: step('DROP_VIEW', {
    language: mysqlClient,
    risk: 'data-loss',
    needs: 'DROP',
    en: 'Drop the view {table}.',
    zh: '删除视图 {table}。',
    command: (params: OfTable) => `DROP VIEW ${quoted(params)};`,
  }),
  listOutside: step('LIST_OUTSIDE', {
    language: mysqlClient,
    risk: 'online',
    needs: 'PROCESS',
    en: 'List the files that are outside the data directory.',
    zh: '列出位于数据目录之外的文件。',
    command: () => listOutside,
  }),
  moveInside: step('MOVE_INSIDE', {
    language: byHand,
    risk: 'downtime',
    needs: 'ALTER',
    en: 'While nobody writes to it, copy each such table into one of CREATE TABLE … LIKE, which has its file in the data directory and no foreign keys, and exchange their names; partitions take ALTER TABLE … REMOVE PARTITIONING first. Where they have to stay outside, see that the target of a restore has these directories, empty.',
    zh: '在无写入时，将每个这样的表复制到用 CREATE TABLE … LIKE 创建的表（其文件在数据目录内，不含外键），然后交换表名；分区表需先执行 ALTER TABLE … REMOVE PARTITIONING。必须保留在外部时，请确认恢复目标上有这些目录且为空。',
  }),
} as const
