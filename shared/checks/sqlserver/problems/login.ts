import type { ProblemDefinition } from '../../problems/problem.ts'

/** Why a login is refused, or does not come about. */
export const loginProblems = {
  SQLSERVER_SINGLE_USER: {
    status: 'error',
    numbers: [18461],
    text: { en: 'The instance is in single-user mode (18461).', zh: '实例处于单用户模式（18461）。' },
    advice: {
      en: 'Restart the service without the startup option -m.',
      zh: '请去掉启动参数 -m 后重启服务。',
    },
  },
  SQLSERVER_PAUSED: {
    status: 'error',
    numbers: [17142],
    text: { en: 'The instance is paused (17142).', zh: '实例已暂停（17142）。' },
    advice: { en: 'Resume the service.', zh: '请恢复该服务。' },
  },
  SQLSERVER_UPGRADING: {
    status: 'error',
    numbers: [18401],
    text: { en: 'The instance is in script upgrade mode (18401).', zh: '实例处于脚本升级模式（18401）。' },
    advice: {
      en: 'Wait until the upgrade is complete; the error log shows its progress.',
      zh: '请等待升级完成，进度见错误日志。',
    },
  },
  SQLSERVER_STARTING: {
    status: 'error',
    numbers: [17187],
    text: {
      en: 'The instance is starting and takes no connections yet (17187).',
      zh: '实例正在启动，尚不接受连接（17187）。',
    },
    advice: {
      en: 'Wait some minutes; the error log says when the instance is ready.',
      zh: '请等待几分钟，实例就绪后错误日志中会有记录。',
    },
  },
  SQLSERVER_SHUTTING_DOWN: {
    status: 'error',
    numbers: [6005, 17188],
    text: { en: 'The instance is shutting down ({number}).', zh: '实例正在关闭（{number}）。' },
    advice: {
      en: 'Find out who is shutting it down and why. Once it is down, start its service again.',
      zh: '请确认是谁正在关闭该实例以及原因。关闭完成后再启动其服务。',
    },
  },
  SQLSERVER_ADMINISTRATORS_ONLY: {
    status: 'error',
    numbers: [18451],
    text: {
      en: 'The instance only accepts administrators at the moment (18451): it is starting, being upgraded or shutting down.',
      zh: '实例目前仅接受管理员连接（18451）：正在启动、升级或关闭。',
    },
    advice: {
      en: 'Wait some minutes, and check the error log if it does not end.',
      zh: '请等待几分钟；如果持续如此，请查看错误日志。',
    },
  },
  SQLSERVER_DATABASE_UNAVAILABLE: {
    status: 'error',
    numbers: [4060, 4064],
    text: {
      en: 'The login succeeded, but its database could not be opened ({number}: {detail}).',
      zh: '登录成功，但无法打开其数据库（{number}：{detail}）。',
    },
    advice: {
      en: 'Set the default database of the login to master: ALTER LOGIN … WITH DEFAULT_DATABASE = master.',
      zh: '请将该登录名的默认数据库设为 master：ALTER LOGIN … WITH DEFAULT_DATABASE = master。',
    },
  },
  SQLSERVER_WINDOWS_LOGIN_GIVEN: {
    status: 'error',
    text: {
      en: '{user} is a Windows login, which a name and a password cannot log in with.',
      zh: '{user} 是 Windows 登录名，不能用用户名和密码登录。',
    },
    advice: {
      en: 'Register a SQL Server login instead (CREATE LOGIN … WITH PASSWORD): Windows logins are not supported.',
      zh: '请改为注册 SQL Server 登录名（CREATE LOGIN … WITH PASSWORD）：不支持 Windows 登录名。',
    },
  },
  SQLSERVER_WINDOWS_LOGIN_ONLY: {
    status: 'error',
    numbers: [18452],
    text: {
      en: 'The server only accepts Windows logins, but {user} is a SQL Server login.',
      zh: '服务器仅接受 Windows 登录名，而 {user} 是 SQL Server 登录名。',
    },
    advice: {
      en: 'Enable "SQL Server and Windows Authentication mode" on the server and restart it.',
      zh: '请在服务器上启用“SQL Server 和 Windows 身份验证模式”并重启。',
    },
  },
  SQLSERVER_NO_CONNECTION_LEFT: {
    status: 'error',
    numbers: [17809, 17810, 17889, 18458, 18459, 18460],
    text: {
      en: 'The instance takes no further connection, because a limit of connections or licences is reached ({number}).',
      zh: '连接数或许可证数已达上限，实例无法接受更多连接（{number}）。',
    },
    advice: {
      en: 'End idle sessions (sys.dm_exec_sessions), or raise "user connections" with sp_configure.',
      zh: '请结束空闲会话（sys.dm_exec_sessions），或使用 sp_configure 调大“user connections”。',
    },
  },
  SQLSERVER_LOGIN_TIMED_OUT: {
    status: 'timed_out',
    numbers: [17197, 17830, 17899],
    text: {
      en: 'The server gave up on the login, because it took too long ({number}).',
      zh: '登录耗时过长，服务器已放弃（{number}）。',
    },
    advice: {
      en: 'Check the load of the server and the network, then run the precheck again.',
      zh: '请检查服务器负载和网络，然后重新预检。',
    },
  },
  SQLSERVER_ENDPOINT_STOPPED: {
    status: 'error',
    numbers: [17198, 17813],
    text: {
      en: 'The endpoint behind {host}:{port} is stopped or was removed ({number}).',
      zh: '{host}:{port} 对应的端点已停止或已被删除（{number}）。',
    },
    advice: {
      en: 'Check sys.endpoints, and start the endpoint with ALTER ENDPOINT … STATE = STARTED, or register another port.',
      zh: '请查看 sys.endpoints，使用 ALTER ENDPOINT … STATE = STARTED 启动该端点，或注册其他端口。',
    },
  },
  SQLSERVER_LOGON_TRIGGER_REFUSED: {
    status: 'error',
    numbers: [17892, 17893],
    text: {
      en: 'A logon trigger of the server refused {user} ({number}).',
      zh: '服务器的登录触发器拒绝了 {user}（{number}）。',
    },
    advice: {
      en: 'Let the trigger pass this login (sys.server_triggers); the error log says what it met.',
      zh: '请使该触发器放行此登录名（sys.server_triggers）；触发器遇到的问题见错误日志。',
    },
  },
  SQLSERVER_PROTOCOL_REFUSED: {
    status: 'error',
    numbers: [17802, 17805, 17807, 17828, 17829, 17832, 17836, 17898],
    text: {
      en: 'The server did not accept a packet of the driver ({number}): {detail}',
      zh: '服务器不接受驱动程序的数据包（{number}）：{detail}',
    },
    advice: {
      en: 'Check what stands between the service and the server, a proxy for example, and that the server is SQL Server 2012 or later.',
      zh: '请检查本服务与服务器之间的设备（例如代理），并确认服务器为 SQL Server 2012 或更高版本。',
    },
  },
  SQLSERVER_MANAGED_SERVICE_REFUSED: {
    status: 'error',
    numbers: [10928, 10929, 40197, 40501, 40532, 40613, 40615],
    text: {
      en: 'The server is a managed service of Azure and refused the login ({number}): {detail}',
      zh: '该服务器是 Azure 托管服务，拒绝登录（{number}）：{detail}',
    },
    advice: {
      en: 'This service checks SQL Server on a host: correct the address in the registration.',
      zh: '本服务检查部署在主机上的 SQL Server：请更正注册信息中的地址。',
    },
  },
  SQLSERVER_NAMED_INSTANCE_UNKNOWN: {
    status: 'error',
    text: {
      en: 'SQL Server Browser at {host} returned no port for the instance {instanceName}.',
      zh: '{host} 上的 SQL Server Browser 未返回实例 {instanceName} 的端口。',
    },
    advice: {
      en: 'Start the SQL Server Browser service and allow UDP 1434, or register the instance by its port.',
      zh: '请启动 SQL Server Browser 服务并放通 UDP 1434，或按端口注册该实例。',
    },
  },
  SQLSERVER_LOGIN_REFUSED: {
    status: 'error',
    text: {
      en: 'The server refused the login with error {number}: {detail}',
      zh: '服务器拒绝登录，错误 {number}：{detail}',
    },
    advice: {
      en: 'Check the error log of the server.',
      zh: '请查看服务器的错误日志。',
    },
  },
} as const satisfies Readonly<Record<string, ProblemDefinition>>
