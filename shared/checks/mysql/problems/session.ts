import type { ProblemDefinition } from '../../problems/problem.ts'

/** What may happen to a session that has logged in, or to one of its statements. */
export const sessionProblems = {
  /** Each of the two products has statements, views and variables that the other has not. */
  MYSQL_STATEMENT_UNKNOWN: {
    status: 'error',
    isOfStatement: true,
    numbers: [1049, 1054, 1064, 1109, 1128, 1141, 1146, 1193, 1231, 1235, 1289, 1305],
    text: {
      en: 'The server does not have what a statement asks for ({number}: {detail}).',
      zh: '服务器没有语句所查询的内容（{number}：{detail}）。',
    },
    advice: {
      en: 'MySQL 5.7 or later, or MariaDB 10.5 or later, is required.',
      zh: '需要 MySQL 5.7 或 MariaDB 10.5 及更高版本。',
    },
  },
  MYSQL_NO_BINARY_LOG: {
    status: 'error',
    isOfStatement: true,
    numbers: [1381],
    text: { en: 'The server writes no binary log (1381).', zh: '服务器未启用二进制日志（1381）。' },
    advice: {
      en: 'Set log_bin and server_id in the configuration of the server, and restart it.',
      zh: '请在服务器配置中设置 log_bin 和 server_id，然后重启服务器。',
    },
  },
  MYSQL_OBJECT_BROKEN: {
    status: 'error',
    isOfStatement: true,
    numbers: [
      1016, 1017, 1030, 1033, 1034, 1035, 1194, 1195, 1286, 1356, 1449, 1712, 1812, 1813, 1814, 1815, 1932,
      1877, 3185,
    ],
    text: {
      en: 'The server cannot open what a statement reads ({number}: {detail}).',
      zh: '服务器无法打开语句所读取的内容（{number}：{detail}）。',
    },
    advice: {
      en: 'Check the error log of the server, and the object that the message names with CHECK TABLE.',
      zh: '请查看服务器的错误日志，并使用 CHECK TABLE 检查消息中指出的对象。',
    },
  },
  MYSQL_LOCK_TIMED_OUT: {
    status: 'timed_out',
    isOfStatement: true,
    numbers: [1205, 3058, 3572],
    text: {
      en: 'A statement gave way to a session that holds a lock ({number}).',
      zh: '语句因其他会话持有锁而放弃等待（{number}）。',
    },
    advice: {
      en: 'Find the session that blocks others in SHOW FULL PROCESSLIST: LOCK TABLES or an ALTER TABLE does this. Then run the precheck again.',
      zh: '请在 SHOW FULL PROCESSLIST 中查找阻塞其他会话的会话，例如 LOCK TABLES 或 ALTER TABLE。然后重新预检。',
    },
  },
  MYSQL_STATEMENT_INTERRUPTED: {
    status: 'error',
    isOfStatement: true,
    numbers: [1213, 1317, 1412],
    text: {
      en: 'A statement was interrupted by other work on the server ({number}: {detail}).',
      zh: '语句被服务器上的其他操作中断（{number}：{detail}）。',
    },
    advice: { en: 'Run the precheck again.', zh: '请重新预检。' },
  },
  MYSQL_RESOURCES_EXHAUSTED: {
    status: 'error',
    isOfStatement: true,
    numbers: [1021, 1026, 1037, 1038, 1041, 1114, 1119, 1135, 1206, 1436],
    text: {
      en: 'The server has no memory, space, threads or locks left for it ({number}: {detail}).',
      zh: '服务器的内存、空间、线程或锁不足（{number}：{detail}）。',
    },
    advice: {
      en: 'Free what the message names, or enlarge it. A backup would probably fail for the same reason.',
      zh: '请释放消息中指出的资源或为其扩容。备份也可能因同样原因失败。',
    },
  },
  MYSQL_STATEMENT_NOT_ALLOWED: {
    status: 'error',
    isOfStatement: true,
    numbers: [1223, 1290, 1792, 1836, 3100],
    text: {
      en: 'The server does not allow a statement in its present mode ({number}: {detail}).',
      zh: '服务器在当前模式下不允许执行语句（{number}：{detail}）。',
    },
    advice: {
      en: 'Check read_only, super_read_only, innodb_force_recovery and the option that the message names.',
      zh: '请检查 read_only、super_read_only、innodb_force_recovery 以及消息中指出的选项。',
    },
  },
  MYSQL_SESSION_ENDED: {
    status: 'error',
    numbers: [1080, 1927, 3168, 3169],
    text: { en: 'The server ended the session ({number}).', zh: '服务器终止了会话（{number}）。' },
    advice: {
      en: 'Somebody killed the session, or the server met a severe error: check its error log, then run the precheck again.',
      zh: '会话被人为终止，或服务器发生严重错误：请查看其错误日志，然后重新预检。',
    },
  },
} as const satisfies Readonly<Record<string, ProblemDefinition>>
