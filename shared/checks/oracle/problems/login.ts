import type { ProblemDefinition } from '../../problems/problem.ts'

/** Why a login is refused whose connection came about. */
export const loginProblems = {
  ORACLE_ADMIN_LOGIN_FAILED: {
    status: 'error',
    text: {
      en: 'The login of {user} as {privilege} failed ({code}): wrong user name or password, or {user} is not in the password file of the instance.',
      zh: '{user} 以 {privilege} 登录失败（{code}）：用户名或密码错误，或 {user} 不在实例的密码文件中。',
    },
    advice: {
      en: 'Check the password first. Then check that the server has a password file (REMOTE_LOGIN_PASSWORDFILE is EXCLUSIVE or SHARED) and that V$PWFILE_USERS lists the user; the password file of a standby has to be that of its primary.',
      zh: '请先检查密码，再确认服务器有密码文件（REMOTE_LOGIN_PASSWORDFILE 为 EXCLUSIVE 或 SHARED）且 V$PWFILE_USERS 中有该用户；备库的密码文件须与主库一致。',
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
  ORACLE_ADMIN_ROLE_NEEDED: {
    status: 'error',
    numbers: ['ORA-28009'],
    text: {
      en: '{user} can only log in with an administrative privilege, not as {privilege} (ORA-28009).',
      zh: '{user} 只能以管理权限登录，不能以 {privilege} 登录（ORA-28009）。',
    },
    advice: {
      en: 'Register the instance with an account of its own for the precheck; or, for SYS, set privilege to sysdba.',
      zh: '请使用预检专用账号注册该实例；如需使用 SYS，请将 privilege 设为 sysdba。',
    },
  },
  ORACLE_SESSION_PRIVILEGE_MISSING: {
    status: 'error',
    numbers: ['ORA-01045'],
    text: {
      en: '{user} may not log in: the privilege CREATE SESSION is missing (ORA-01045).',
      zh: '{user} 无法登录：缺少 CREATE SESSION 权限（ORA-01045）。',
    },
    advice: { en: 'Run GRANT CREATE SESSION TO ….', zh: '请执行 GRANT CREATE SESSION TO …。' },
  },
  ORACLE_VERIFIER_UNSUPPORTED: {
    status: 'error',
    numbers: ['NJS-116'],
    text: {
      en: 'The account {user} only has a password verifier of Oracle 10g, which is not supported.',
      zh: '账号 {user} 只有 Oracle 10g 的密码验证方，不受支持。',
    },
    advice: {
      en: 'Set its password again on the server to create a newer verifier.',
      zh: '请在服务器上重新设置密码，以生成新的密码验证方。',
    },
  },
  ORACLE_AUTHENTICATION_MISMATCH: {
    status: 'error',
    numbers: ['ORA-03134', 'ORA-28040', 'ORA-28041'],
    text: {
      en: 'The server and the driver have no way to authenticate {user} in common ({code}).',
      zh: '服务器与驱动程序没有共同支持的 {user} 身份验证方式（{code}）。',
    },
    advice: {
      en: 'Set the password of the account again, so that it gets a verifier of today; and check SQLNET.ALLOWED_LOGON_VERSION_SERVER in sqlnet.ora of the server, where 12 or 12a is usual.',
      zh: '请重新设置该账号的密码，以生成当前版本的密码验证方；并检查服务器 sqlnet.ora 中的 SQLNET.ALLOWED_LOGON_VERSION_SERVER（通常为 12 或 12a）。',
    },
  },
  ORACLE_DIRECTORY_LOGIN_FAILED: {
    status: 'error',
    numbers: ['ORA-28030', 'ORA-28043', 'ORA-28044', 'ORA-28048'],
    text: {
      en: 'The server could not authenticate {user} through its directory ({code}).',
      zh: '服务器无法通过目录服务验证 {user}（{code}）。',
    },
    advice: {
      en: 'Check how the server reaches its directory (ldap.ora and its wallet), or register an account that the database itself authenticates.',
      zh: '请检查服务器到目录服务的配置（ldap.ora 及其钱包），或使用由数据库自身验证的账号注册。',
    },
  },
  ORACLE_PROFILE_LIMIT: {
    status: 'error',
    numbers: [
      'ORA-02391',
      'ORA-02392',
      'ORA-02393',
      'ORA-02394',
      'ORA-02395',
      'ORA-02396',
      'ORA-02397',
      'ORA-02399',
    ],
    text: {
      en: 'The profile of {user} does not allow it ({code}): {detail}',
      zh: '{user} 的概要文件不允许（{code}）：{detail}',
    },
    advice: {
      en: 'Assign the account a profile with a higher limit (DBA_PROFILES); a precheck takes one session for some seconds.',
      zh: '请为该账号指定限制更宽的概要文件（DBA_PROFILES）；一次预检占用一个会话，持续数秒。',
    },
  },
  ORACLE_TRIGGER_FAILED: {
    status: 'error',
    numbers: ['ORA-00604', 'ORA-04088', 'ORA-04098'],
    text: {
      en: 'A statement that the server runs by itself failed, that of a logon trigger for example ({code}): {detail}',
      zh: '服务器自身执行的语句失败，例如登录触发器（{code}）：{detail}',
    },
    advice: {
      en: 'Fix the trigger that the message names, or let it pass the account of the precheck; the alert log has the rest.',
      zh: '请修复消息中指出的触发器，或使其放行预检账号；详情见告警日志。',
    },
  },
  ORACLE_NATIVE_ENCRYPTION_REQUIRED: {
    status: 'error',
    numbers: ['NJS-531', 'NJS-532', 'NJS-533', 'ORA-12599', 'ORA-12650', 'ORA-12660'],
    text: {
      en: 'The server and the driver could not agree on encryption or checksums ({code}): the server requires native network encryption, which the driver does not support.',
      zh: '服务器与驱动程序未能就加密或校验和达成一致（{code}）：服务器要求本机网络加密，驱动程序不支持。',
    },
    advice: {
      en: 'Set SQLNET.ENCRYPTION_SERVER and SQLNET.CRYPTO_CHECKSUM_SERVER to ACCEPTED, or offer a TLS port (TCPS) and set tls.mode to "required".',
      zh: '请将 SQLNET.ENCRYPTION_SERVER 和 SQLNET.CRYPTO_CHECKSUM_SERVER 设为 ACCEPTED，或提供 TLS 端口（TCPS）并将 tls.mode 设为“required”。',
    },
  },
  ORACLE_SETTING_UNSUPPORTED: {
    status: 'error',
    numbers: ['NJS-100', 'NJS-188', 'NJS-192', 'NJS-201', 'ORA-01882', 'ORA-12705'],
    text: {
      en: 'The driver does not support a character set, time zone or key of this server ({code}): {detail}',
      zh: '驱动程序不支持该服务器的字符集、时区或密钥（{code}）：{detail}',
    },
    advice: {
      en: 'Nothing is wrong with the server: the instance cannot be checked by this service.',
      zh: '服务器本身没有问题，但本服务无法检查该实例。',
    },
  },
  ORACLE_REGISTRATION_INVALID: {
    status: 'error',
    numbers: ['NJS-101', 'NJS-125', 'NJS-512', 'NJS-514', 'NJS-515', 'NJS-522', 'NJS-529'],
    text: {
      en: 'The driver does not accept the connection of the registration ({code}): {detail}',
      zh: '驱动程序不接受注册信息中的连接（{code}）：{detail}',
    },
    advice: {
      en: 'Correct host, serviceName or sid, and tls.ca in the registration.',
      zh: '请更正注册信息中的主机、serviceName 或 sid 以及 tls.ca。',
    },
  },
  ORACLE_SERVER_TOO_OLD: {
    status: 'error',
    isOfStatement: true,
    numbers: ['NJS-138', 'ORA-00904'],
    text: {
      en: 'The server is older than Oracle Database 12.1, or lacks a column that later versions have ({code}).',
      zh: '服务器版本低于 Oracle Database 12.1，或缺少后续版本才有的列（{code}）。',
    },
    advice: {
      en: 'Oracle Database 12.1 or later is required.',
      zh: '需要 Oracle Database 12.1 或更高版本。',
    },
  },
  ORACLE_LOGIN_REFUSED: {
    status: 'error',
    text: {
      en: 'The server refused the login with error {code}: {detail}',
      zh: '服务器拒绝登录，错误 {code}：{detail}',
    },
    advice: {
      en: 'Look up the error in "Database Error Messages" (docs.oracle.com/error-help), and check the alert log.',
      zh: '请在 Oracle 错误消息手册（docs.oracle.com/error-help）中查询该错误，并查看告警日志。',
    },
  },
} as const satisfies Readonly<Record<string, ProblemDefinition>>
