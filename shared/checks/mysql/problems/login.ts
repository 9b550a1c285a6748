import type { ProblemDefinition } from '../../problems/problem.ts'

/** Why a login is refused, or does not come about. */
export const loginProblems = {
  /** MariaDB says 1045 of an account with REQUIRE SSL too, and with require_secure_transport. */
  MYSQL_PLAINTEXT_LOGIN_FAILED: {
    status: 'error',
    text: {
      en: 'The login of {user} failed ({detail}): wrong user name or password, no account for the host that the server names, or one that requires TLS, and tls.mode in the registration is "off".',
      zh: '{user} 登录失败（{detail}）：用户名或密码错误，或没有对应该主机的账号，或该账号要求使用 TLS，而注册信息中的 tls.mode 为“off”。',
    },
    advice: {
      en: 'Set tls.mode to "required". If the account does not require TLS, correct the user name in the registration, or the password that its reference points to.',
      zh: '请将 tls.mode 设为“required”。如果该账号不要求 TLS，请更正注册信息中的用户名，或其引用指向的密码。',
    },
  },
  MYSQL_SOCKET_ACCOUNT: {
    status: 'error',
    numbers: [1698],
    text: {
      en: 'The account {user} has no password: it logs in through the socket of the host only (1698).',
      zh: '账号 {user} 没有密码：只能通过主机上的套接字登录（1698）。',
    },
    advice: {
      en: 'Create an account with a password for the precheck, and register that one.',
      zh: '请为预检创建一个带密码的账号并注册该账号。',
    },
  },
  MYSQL_ACCOUNT_BLOCKED: {
    status: 'error',
    numbers: [3955, 4150],
    text: {
      en: 'The account {user} is blocked, because too many logins failed ({number}).',
      zh: '账号 {user} 因登录失败次数过多而被阻止（{number}）。',
    },
    advice: {
      en: 'Find out which client keeps logging in with a wrong password. Then unblock it: MySQL: ALTER USER … ACCOUNT UNLOCK; MariaDB: FLUSH PRIVILEGES.',
      zh: '请查明是哪个客户端反复使用错误密码登录，然后解除阻止。MySQL：ALTER USER … ACCOUNT UNLOCK；MariaDB：FLUSH PRIVILEGES。',
    },
  },
  MYSQL_HOST_NOT_ALLOWED: {
    status: 'error',
    numbers: [1130],
    text: {
      en: 'The server has no account that may log in from the machine that runs the check (1130): {detail}',
      zh: '服务器上没有可从运行检查的机器登录的账号（1130）：{detail}',
    },
    advice: {
      en: 'Create the account for the address of that machine, as in {user}@10.0.0.0/255.0.0.0.',
      zh: '请为该机器的地址创建账号，例如 {user}@10.0.0.0/255.0.0.0。',
    },
  },
  MYSQL_HOST_BLOCKED: {
    status: 'error',
    numbers: [1129],
    text: {
      en: 'The server has blocked the machine that runs the check, because too many of its connections failed (1129).',
      zh: '由于连接错误过多，服务器已阻止运行检查的机器（1129）。',
    },
    advice: {
      en: 'Find out what keeps connecting without a login. Then unblock it: FLUSH HOSTS, since MySQL 8.4 TRUNCATE TABLE performance_schema.host_cache.',
      zh: '请查明是什么在反复连接而不登录，然后解除阻止：FLUSH HOSTS；MySQL 8.4 起为 TRUNCATE TABLE performance_schema.host_cache。',
    },
  },
  MYSQL_NO_CONNECTION_LEFT: {
    status: 'error',
    numbers: [1040],
    text: {
      en: 'The server takes no further connection: max_connections is reached (1040). A backup cannot log in either.',
      zh: '连接数已达上限 max_connections，服务器无法接受更多连接（1040）。备份同样无法登录。',
    },
    advice: {
      en: 'End idle sessions (SHOW PROCESSLIST), or raise max_connections.',
      zh: '请结束空闲会话（SHOW PROCESSLIST），或调大 max_connections。',
    },
  },
  MYSQL_ACCOUNT_LIMIT_REACHED: {
    status: 'error',
    numbers: [1203, 1226],
    text: {
      en: 'The account {user} has reached one of its limits ({number}): {detail}',
      zh: '账号 {user} 已达到其某项限制（{number}）：{detail}',
    },
    advice: {
      en: 'End idle sessions of the account, or raise its limit (ALTER USER … WITH MAX_USER_CONNECTIONS, MAX_QUERIES_PER_HOUR).',
      zh: '请结束该账号的空闲会话，或调大其限制（ALTER USER … WITH MAX_USER_CONNECTIONS、MAX_QUERIES_PER_HOUR）。',
    },
  },
  MYSQL_AUTHENTICATION_UNAVAILABLE: {
    status: 'error',
    numbers: [1251, 1275, 1524, 1525],
    text: {
      en: 'The server cannot authenticate {user}: what the account authenticates with is not available there ({number}): {detail}',
      zh: '服务器无法验证 {user}：该账号使用的身份验证方式在服务器上不可用（{number}）：{detail}',
    },
    advice: {
      en: 'Let the account authenticate with caching_sha2_password: ALTER USER … IDENTIFIED WITH. MySQL 8.4 has mysql_native_password switched off.',
      zh: '请将该账号的身份验证方式改为 caching_sha2_password（ALTER USER … IDENTIFIED WITH）。MySQL 8.4 默认停用 mysql_native_password。',
    },
  },
  MYSQL_AUTHENTICATION_UNSUPPORTED: {
    status: 'error',
    numbers: ['AUTH_SWITCH_PLUGIN_ERROR'],
    text: {
      en: 'The server asks {user} to authenticate in a way that this service does not support: {detail}',
      zh: '服务器要求 {user} 使用本服务不支持的身份验证方式：{detail}',
    },
    advice: {
      en: 'Create an account for the precheck that authenticates with mysql_native_password or caching_sha2_password. If the user name is wrong, the server may ask for the way of another account: correct it in the registration.',
      zh: '请为预检创建一个使用 mysql_native_password 或 caching_sha2_password 的账号。用户名错误时，服务器也可能要求其他账号的验证方式：请更正注册信息。',
    },
  },
  /** No number: the probe refuses it. */
  MYSQL_PASSWORD_WITHHELD: {
    status: 'error',
    text: {
      en: '{host}:{port} asked for the password itself ({plugin}), without TLS and a certificate that is trusted. It was not sent.',
      zh: '{host}:{port} 在没有 TLS 和受信任证书的情况下索要密码本身（{plugin}）。未发送密码。',
    },
    advice: {
      en: 'Set tls.mode to "required" and tls.ca to the certificate authority of the server. Its caching_sha2_password needs this for the first login after each start of the server.',
      zh: '请将 tls.mode 设为“required”，并将服务器的证书颁发机构填入 tls.ca。服务器每次启动后，caching_sha2_password 的首次登录需要如此。',
    },
  },
  /** No number: the probe refuses it. */
  MYSQL_FILE_WITHHELD: {
    status: 'error',
    text: {
      en: '{host}:{port} asked for a file of the machine that runs the check. It was not sent.',
      zh: '{host}:{port} 索要运行检查的机器上的文件。未发送文件。',
    },
    advice: {
      en: 'Find out what answers at that address: no statement of a precheck allows this, and a healthy server does not do it.',
      zh: '请确认该地址上的服务：预检的语句不会引起这种请求，正常的服务器不会这样做。',
    },
  },
  MYSQL_SHUTTING_DOWN: {
    status: 'error',
    numbers: [1053, 1077, 1078, 1079],
    text: { en: 'The server is shutting down ({number}).', zh: '服务器正在关闭（{number}）。' },
    advice: {
      en: 'Find out who is shutting it down and why. Once it is down, start its service again.',
      zh: '请确认是谁正在关闭该服务器以及原因。关闭完成后再启动其服务。',
    },
  },
  MYSQL_OFFLINE_MODE: {
    status: 'error',
    numbers: [3032],
    text: {
      en: 'The server is in offline mode (3032): it lets administrators in only.',
      zh: '服务器处于离线模式（3032）：仅允许管理员连接。',
    },
    advice: {
      en: 'Find out why, then switch it off: SET GLOBAL offline_mode = OFF.',
      zh: '请查明原因，然后关闭该模式：SET GLOBAL offline_mode = OFF。',
    },
  },
  MYSQL_PROTOCOL_REFUSED: {
    status: 'error',
    numbers: [1043, 1047, 1153, 1156, 1157, 1158, 1159, 1160, 1161, 1835, 4031],
    text: {
      en: 'The server did not accept what the driver sent ({number}): {detail}',
      zh: '服务器不接受驱动程序发送的内容（{number}）：{detail}',
    },
    advice: {
      en: 'Check what stands between the service and the server, a proxy for example, and that the server is MySQL 5.7 or MariaDB 10.5 or later.',
      zh: '请检查本服务与服务器之间的设备（例如代理），并确认服务器为 MySQL 5.7 或 MariaDB 10.5 及更高版本。',
    },
  },
  MYSQL_LOGIN_REFUSED: {
    status: 'error',
    text: {
      en: 'The server refused the login with error {number}: {detail}',
      zh: '服务器拒绝登录，错误 {number}：{detail}',
    },
    advice: { en: 'Check the error log of the server.', zh: '请查看服务器的错误日志。' },
  },
} as const satisfies Readonly<Record<string, ProblemDefinition>>
