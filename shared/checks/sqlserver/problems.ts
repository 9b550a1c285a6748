import type { ProblemDefinition } from '../framework/problem.ts'

/** States and refusals of SQL Server ("Database Engine events and errors", SQL Server manual). */
export const sqlServerProblems: Readonly<Record<string, ProblemDefinition>> = {
  SQLSERVER_SINGLE_USER: {
    status: 'error',
    text: { en: 'The instance is in single-user mode (18461).', zh: '实例处于单用户模式（18461）。' },
    advice: {
      en: 'Restart the service without the startup option -m.',
      zh: '请去掉启动参数 -m 后重启服务。',
    },
  },
  SQLSERVER_PAUSED: {
    status: 'error',
    text: { en: 'The instance is paused (17142).', zh: '实例已暂停（17142）。' },
    advice: { en: 'Resume the service.', zh: '请恢复该服务。' },
  },
  SQLSERVER_UPGRADING: {
    status: 'error',
    text: { en: 'The instance is in script upgrade mode (18401).', zh: '实例处于脚本升级模式（18401）。' },
    advice: {
      en: 'Wait until the upgrade is complete; the error log shows its progress.',
      zh: '请等待升级完成，进度见错误日志。',
    },
  },
  SQLSERVER_DATABASE_UNAVAILABLE: {
    status: 'error',
    text: {
      en: 'The login succeeded, but its database could not be opened ({detail}).',
      zh: '登录成功，但无法打开其数据库（{detail}）。',
    },
    advice: {
      en: 'Set the default database of the login to master: ALTER LOGIN … WITH DEFAULT_DATABASE = master.',
      zh: '请将该登录名的默认数据库设为 master：ALTER LOGIN … WITH DEFAULT_DATABASE = master。',
    },
  },
  SQLSERVER_WINDOWS_LOGIN_ONLY: {
    status: 'error',
    text: {
      en: 'The server only accepts Windows logins, but {user} is a SQL Server login.',
      zh: '服务器仅接受 Windows 登录名，而 {user} 是 SQL Server 登录名。',
    },
    advice: {
      en: 'Enable "SQL Server and Windows Authentication mode" on the server and restart it.',
      zh: '请在服务器上启用“SQL Server 和 Windows 身份验证模式”并重启。',
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
}
