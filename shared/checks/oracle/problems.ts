import type { ProblemDefinition } from '../framework/problem.ts'

/** States and refusals of Oracle ("Database Error Messages", Oracle manual). */
export const oracleProblems: Readonly<Record<string, ProblemDefinition>> = {
  ORACLE_SERVICE_UNKNOWN: {
    status: 'error',
    text: {
      en: 'The listener at {host}:{port} does not know the service {service} (ORA-12514).',
      zh: '{host}:{port} 的监听器上没有服务 {service}（ORA-12514）。',
    },
    advice: {
      en: 'Start the instance, or correct serviceName; "lsnrctl services" lists the services of the listener.',
      zh: '请启动实例或更正 serviceName；可使用“lsnrctl services”查看监听器的服务。',
    },
  },
  ORACLE_SID_UNKNOWN: {
    status: 'error',
    text: {
      en: 'The listener at {host}:{port} does not know the SID {service} (ORA-12505).',
      zh: '{host}:{port} 的监听器上没有 SID {service}（ORA-12505）。',
    },
    advice: {
      en: 'Start the instance, or correct sid; "lsnrctl services" lists the instances of the listener.',
      zh: '请启动实例或更正 sid；可使用“lsnrctl services”查看监听器的实例。',
    },
  },
  ORACLE_INSTANCE_BLOCKED: {
    status: 'error',
    text: {
      en: 'The listener blocks new connections to the instance (ORA-12528): it is starting or in NOMOUNT.',
      zh: '监听器阻止到实例的新连接（ORA-12528）：实例正在启动或处于 NOMOUNT。',
    },
    advice: { en: 'Mount and open the database.', zh: '请装载并打开数据库。' },
  },
  ORACLE_INSTANCE_RESTRICTED: {
    status: 'error',
    text: {
      en: 'The instance only accepts logins with the RESTRICTED SESSION privilege.',
      zh: '实例仅允许具有 RESTRICTED SESSION 权限的登录。',
    },
    advice: {
      en: 'Run ALTER SYSTEM DISABLE RESTRICTED SESSION.',
      zh: '请执行 ALTER SYSTEM DISABLE RESTRICTED SESSION。',
    },
  },
  ORACLE_INSTANCE_NOT_STARTED: {
    status: 'error',
    text: { en: 'The instance is not started ({code}).', zh: '实例未启动（{code}）。' },
    advice: { en: 'Start it: STARTUP.', zh: '请启动实例：STARTUP。' },
  },
  ORACLE_INSTANCE_NOT_MOUNTED: {
    status: 'error',
    text: { en: 'The database is not mounted (ORA-01507).', zh: '数据库未装载（ORA-01507）。' },
    advice: {
      en: 'Run ALTER DATABASE MOUNT, then ALTER DATABASE OPEN.',
      zh: '请执行 ALTER DATABASE MOUNT，再执行 ALTER DATABASE OPEN。',
    },
  },
  ORACLE_INSTANCE_NOT_OPEN: {
    status: 'error',
    text: {
      en: 'The instance is mounted, starting or shutting down (ORA-01033).',
      zh: '实例处于装载、启动或关闭过程中（ORA-01033）。',
    },
    advice: {
      en: 'Open the database. If it is a mounted standby, register it with privilege sysbackup.',
      zh: '请打开数据库。如果是已装载的备库，请以 sysbackup 权限注册。',
    },
  },
  ORACLE_SHUTTING_DOWN: {
    status: 'error',
    text: { en: 'The instance is shutting down ({code}).', zh: '实例正在关闭（{code}）。' },
    advice: { en: 'When it is down, start it again: STARTUP.', zh: '关闭完成后请重新启动：STARTUP。' },
  },
  ORACLE_NO_HANDLER: {
    status: 'error',
    text: {
      en: 'The listener has no free handler for the instance ({code}): its limit of processes or sessions is reached.',
      zh: '监听器没有可用的处理程序（{code}）：实例的进程数或会话数已达上限。',
    },
    advice: {
      en: 'Check v$resource_limit and end idle sessions, or increase the parameter processes.',
      zh: '请查看 v$resource_limit，结束空闲会话或增大 processes 参数。',
    },
  },
  ORACLE_LISTENER_REFUSED: {
    status: 'error',
    text: { en: 'The listener refused the connection ({code}).', zh: '监听器拒绝连接（{code}）。' },
    advice: { en: 'Check the log of the listener.', zh: '请查看监听器日志。' },
  },
  ORACLE_SERVER_TOO_OLD: {
    status: 'error',
    text: {
      en: 'The server is older than Oracle Database 12.1.',
      zh: '服务器版本低于 Oracle Database 12.1。',
    },
    advice: {
      en: 'Oracle Database 12.1 or later is required.',
      zh: '需要 Oracle Database 12.1 或更高版本。',
    },
  },
  ORACLE_VERIFIER_UNSUPPORTED: {
    status: 'error',
    text: {
      en: 'The account {user} only has a password verifier of Oracle 10g, which is not supported.',
      zh: '账号 {user} 只有 Oracle 10g 的密码验证方，不受支持。',
    },
    advice: {
      en: 'Set its password again on the server to create a newer verifier.',
      zh: '请在服务器上重新设置密码，以生成新的密码验证方。',
    },
  },
  ORACLE_ADMIN_PRIVILEGE_REFUSED: {
    status: 'error',
    text: {
      en: '{user} may not log in as {privilege}.',
      zh: '{user} 无权以 {privilege} 登录。',
    },
    advice: {
      en: 'Grant it (GRANT SYSBACKUP TO …, in CDB$ROOT with CONTAINER=ALL) and check that the server has a password file.',
      zh: '请授权（GRANT SYSBACKUP TO …，在 CDB$ROOT 中加 CONTAINER=ALL），并确认服务器有密码文件。',
    },
  },
  ORACLE_SESSION_KILLED: {
    status: 'error',
    text: { en: 'The server ended the session ({code}).', zh: '服务器终止了会话（{code}）。' },
    advice: {
      en: 'The session was killed or the instance went down: check the alert log, then run the precheck again.',
      zh: '会话被终止或实例宕机，请查看告警日志，然后重新预检。',
    },
  },
}
