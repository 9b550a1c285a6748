import type { ProblemDefinition } from '../../problems/problem.ts'

/** States of an instance, or of what it needs to run, that end a login or a statement. */
export const instanceProblems = {
  ORACLE_INSTANCE_NOT_STARTED: {
    status: 'error',
    numbers: ['ORA-01034', 'ORA-27101'],
    text: { en: 'The instance is not started ({code}).', zh: '实例未启动（{code}）。' },
    advice: { en: 'Start it: STARTUP.', zh: '请启动实例：STARTUP。' },
  },
  ORACLE_INSTANCE_NOT_MOUNTED: {
    status: 'error',
    isOfStatement: true,
    numbers: ['ORA-01507'],
    text: { en: 'The database is not mounted (ORA-01507).', zh: '数据库未装载（ORA-01507）。' },
    advice: {
      en: 'Run ALTER DATABASE MOUNT, then ALTER DATABASE OPEN.',
      zh: '请执行 ALTER DATABASE MOUNT，再执行 ALTER DATABASE OPEN。',
    },
  },
  ORACLE_INSTANCE_NOT_OPEN: {
    status: 'error',
    numbers: ['ORA-01033'],
    text: {
      en: 'The instance is mounted, starting or shutting down (ORA-01033).',
      zh: '实例处于装载、启动或关闭过程中（ORA-01033）。',
    },
    advice: {
      en: 'Open the database. If it is a mounted standby, register it with privilege sysbackup.',
      zh: '请打开数据库。如果是已装载的备库，请以 sysbackup 权限注册。',
    },
  },
  ORACLE_DATABASE_NOT_OPEN: {
    status: 'error',
    isOfStatement: true,
    numbers: ['ORA-01109', 'ORA-01219'],
    text: {
      en: 'The database or pluggable database is not open ({code}).',
      zh: '数据库或可插拔数据库未打开（{code}）。',
    },
    advice: {
      en: 'Open it. If it is a mounted standby, register it with privilege sysbackup.',
      zh: '请打开该数据库。如果是已装载的备库，请以 sysbackup 权限注册。',
    },
  },
  ORACLE_SHUTTING_DOWN: {
    status: 'error',
    numbers: ['ORA-01014', 'ORA-01089', 'ORA-01090', 'ORA-01092', 'ORA-01094'],
    text: { en: 'The instance is shutting down ({code}).', zh: '实例正在关闭（{code}）。' },
    advice: { en: 'When it is down, start it again: STARTUP.', zh: '关闭完成后请重新启动：STARTUP。' },
  },
  ORACLE_ARCHIVER_STUCK: {
    status: 'error',
    numbers: ['ORA-00257', 'ORA-16014', 'ORA-16038', 'ORA-19809'],
    text: {
      en: 'The archiver is stuck, and only administrators may log in ({code}): an archive destination or the recovery area is full or broken.',
      zh: '归档进程已停滞，仅管理员可以登录（{code}）：归档目的地或恢复区已满或不可用。',
    },
    advice: {
      en: 'Free space in the archive destination or the recovery area, or enlarge it; delete archived logs with RMAN only. A login with privilege sysbackup or sysdba still works.',
      zh: '请释放归档目的地或恢复区的空间，或为其扩容；只能通过 RMAN 删除归档日志。以 sysbackup 或 sysdba 权限仍可登录。',
    },
  },
  ORACLE_RESOURCES_EXHAUSTED: {
    status: 'error',
    isOfStatement: true,
    numbers: ['ORA-01000', 'ORA-01652', 'ORA-04030', 'ORA-04031', 'ORA-04036', 'ORA-27102', 'ORA-27300'],
    text: {
      en: 'The instance has no memory, temporary space or other resource left for it ({code}): {detail}',
      zh: '实例的内存、临时空间或其他资源不足（{code}）：{detail}',
    },
    advice: {
      en: 'Free what the message names, or enlarge it. A backup would probably fail for the same reason.',
      zh: '请释放消息中指出的资源或为其扩容。备份也可能因同样原因失败。',
    },
  },
  ORACLE_FILE_UNREADABLE: {
    status: 'error',
    isOfStatement: true,
    numbers: [
      'ORA-00204',
      'ORA-00205',
      'ORA-00210',
      'ORA-00376',
      'ORA-01115',
      'ORA-01157',
      'ORA-01578',
      'ORA-15064',
      'ORA-15078',
    ],
    text: {
      en: 'The server cannot read one of its files ({code}): {detail}',
      zh: '服务器无法读取其某个文件（{code}）：{detail}',
    },
    advice: {
      en: 'Check the alert log and the storage. Recover or restore the file before the next backup.',
      zh: '请查看告警日志和存储。请在下次备份前恢复该文件。',
    },
  },
  ORACLE_INTERNAL_ERROR: {
    status: 'error',
    numbers: ['ORA-00600', 'ORA-00602', 'ORA-00603', 'ORA-03106', 'ORA-03137', 'ORA-07445'],
    text: {
      en: 'The server met an internal error ({code}): {detail}',
      zh: '服务器发生内部错误（{code}）：{detail}',
    },
    advice: {
      en: 'Check the alert log and the incident in it (ADRCI). If it happens again, contact the support of Oracle.',
      zh: '请查看告警日志及其中的事件（ADRCI）。如再次发生，请联系 Oracle 技术支持。',
    },
  },
} as const satisfies Readonly<Record<string, ProblemDefinition>>
