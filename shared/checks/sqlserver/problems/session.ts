import type { ProblemDefinition } from '../../problems/problem.ts'

/** What may happen to a session that has logged in, or to one of its statements. */
export const sessionProblems = {
  SQLSERVER_IS_BABELFISH: {
    status: 'error',
    text: {
      en: '{host}:{port} is Babelfish, a PostgreSQL that speaks the protocol of SQL Server, and not SQL Server: it is not supported.',
      zh: '{host}:{port} 是 Babelfish（兼容 SQL Server 协议的 PostgreSQL），不是 SQL Server：不支持。',
    },
    advice: {
      en: 'Delete the registration, or correct its address if a SQL Server is meant. Babelfish is backed up as PostgreSQL is.',
      zh: '请删除该注册；若本应指向 SQL Server，请更正其地址。Babelfish 按 PostgreSQL 的方式备份。',
    },
  },
  SQLSERVER_TOO_OLD: {
    status: 'error',
    isOfStatement: true,
    numbers: [195, 207, 208],
    text: {
      en: 'The server does not have what a statement asks for: it is older than SQL Server 2012, or no SQL Server ({number}: {detail}).',
      zh: '服务器没有语句所查询的内容：版本低于 SQL Server 2012，或不是 SQL Server（{number}：{detail}）。',
    },
    advice: {
      en: 'SQL Server 2012 or later is required.',
      zh: '需要 SQL Server 2012 或更高版本。',
    },
  },
  /** Databases that are offline, in recovery, in another role, or in use by somebody alone. */
  SQLSERVER_DATABASE_NOT_ACCESSIBLE: {
    status: 'error',
    isOfStatement: true,
    numbers: [
      904, 905, 909, 911, 913, 921, 922, 923, 924, 926, 927, 941, 942, 943, 945, 946, 947, 948, 952, 954, 955,
      956, 976, 978, 979, 982, 983, 988,
    ],
    text: {
      en: 'A database that a statement reads, msdb for example, cannot be opened ({number}: {detail}).',
      zh: '无法打开语句所读取的数据库，例如 msdb（{number}：{detail}）。',
    },
    advice: {
      en: 'Bring the database that the message names online first.',
      zh: '请先使消息中指出的数据库联机。',
    },
  },
  SQLSERVER_LOCK_TIMED_OUT: {
    status: 'timed_out',
    isOfStatement: true,
    numbers: [1222],
    text: {
      en: 'A statement gave way to a session that holds a lock on the catalog (1222).',
      zh: '语句因其他会话持有目录锁而放弃等待（1222）。',
    },
    advice: {
      en: 'Find the session that blocks others in sys.dm_exec_requests (blocking_session_id); an ALTER DATABASE that waits does this. Then run the precheck again.',
      zh: '请在 sys.dm_exec_requests 中查找阻塞其他会话的会话（blocking_session_id），例如正在等待的 ALTER DATABASE。然后重新预检。',
    },
  },
  SQLSERVER_STATEMENT_INTERRUPTED: {
    status: 'error',
    isOfStatement: true,
    numbers: [601, 1205, 3960],
    text: {
      en: 'A statement was interrupted by other work on the server ({number}: {detail}).',
      zh: '语句被服务器上的其他操作中断（{number}：{detail}）。',
    },
    advice: { en: 'Run the precheck again.', zh: '请重新预检。' },
  },
  SQLSERVER_RESOURCES_EXHAUSTED: {
    status: 'error',
    isOfStatement: true,
    numbers: [701, 802, 1101, 1105, 1204, 8645, 8651, 9002, 17189, 17300, 17803],
    text: {
      en: 'The server has no memory, space, threads or locks left for it ({number}: {detail}).',
      zh: '服务器的内存、空间、线程或锁不足（{number}：{detail}）。',
    },
    advice: {
      en: 'Free what the message names, or enlarge it. A backup would probably fail for the same reason.',
      zh: '请释放消息中指出的资源或为其扩容。备份也可能因同样原因失败。',
    },
  },
  SQLSERVER_FILE_UNREADABLE: {
    status: 'error',
    isOfStatement: true,
    numbers: [605, 823, 824, 5120, 9001],
    text: {
      en: 'The server cannot read one of its files ({number}: {detail}).',
      zh: '服务器无法读取其某个文件（{number}：{detail}）。',
    },
    advice: {
      en: 'Check the error log and the storage, and run DBCC CHECKDB on the database that the message names.',
      zh: '请查看错误日志和存储，并对消息中指出的数据库执行 DBCC CHECKDB。',
    },
  },
  SQLSERVER_SESSION_ENDED: {
    status: 'error',
    numbers: [596, 4014, 17191, 18056],
    text: { en: 'The server ended the session ({number}).', zh: '服务器终止了会话（{number}）。' },
    advice: {
      en: 'Somebody killed the session, or the server met a severe error: check its error log, then run the precheck again.',
      zh: '会话被人为终止，或服务器发生严重错误：请查看其错误日志，然后重新预检。',
    },
  },
  SQLSERVER_INTERNAL_ERROR: {
    status: 'error',
    numbers: [3624, 8624, 17065, 17066, 17067, 17310],
    text: {
      en: 'The server met an internal error ({number}: {detail}).',
      zh: '服务器发生内部错误（{number}：{detail}）。',
    },
    advice: {
      en: 'Check the error log and the dump that it names. If it happens again, contact the support of SQL Server.',
      zh: '请查看错误日志及其中指出的转储文件。如再次发生，请联系 SQL Server 技术支持。',
    },
  },
} as const satisfies Readonly<Record<string, ProblemDefinition>>
