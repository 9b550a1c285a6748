import type { ErrorNumber, ProblemDefinition } from './problem.ts'

/**
 * What may stand between this service and a database server of any engine. The numbers are those of the system
 * ("errno", POSIX) and of its resolver; each engine adds its own.
 */
export const connectionProblems = {
  HOST_UNKNOWN: {
    status: 'error',
    numbers: ['ENOTFOUND', 'EAI_AGAIN'],
    text: { en: 'The host name {host} could not be resolved.', zh: '无法解析主机名 {host}。' },
    advice: {
      en: 'Correct the host name in the registration, or the DNS configuration of the machine that runs the check.',
      zh: '请更正注册信息中的主机名，或检查运行检查的机器的 DNS 配置。',
    },
  },
  CONNECTION_REFUSED: {
    status: 'error',
    numbers: ['ECONNREFUSED'],
    text: {
      en: '{host}:{port} refused the connection: nothing listens there.',
      zh: '{host}:{port} 拒绝连接：该端口没有服务在监听。',
    },
    advice: {
      en: 'Check the host and port in the registration, and that the database service (and its listener) is running with TCP/IP enabled.',
      zh: '请检查注册信息中的主机和端口，确认数据库服务（及监听器）正在运行并启用了 TCP/IP。',
    },
  },
  CONNECTION_TIMED_OUT: {
    status: 'timed_out',
    numbers: ['ETIMEDOUT'],
    text: {
      en: '{host}:{port} did not answer within {afterMs} ms.',
      zh: '{host}:{port} 在 {afterMs} 毫秒内没有响应。',
    },
    advice: {
      en: 'A security group or firewall drops the packets, or there is no route. Allow the port from the machine that runs the check.',
      zh: '数据包可能被安全组或防火墙丢弃，或没有路由。请放通运行检查的机器到该端口的访问。',
    },
  },
  NETWORK_UNREACHABLE: {
    status: 'error',
    numbers: ['EHOSTUNREACH', 'ENETUNREACH'],
    text: { en: 'There is no route to {host}:{port}.', zh: '没有到 {host}:{port} 的路由。' },
    advice: {
      en: 'Check the VPC and the route table of the machine that runs the check.',
      zh: '请检查运行检查的机器所在的 VPC 和路由表。',
    },
  },
  SERVER_SILENT: {
    status: 'timed_out',
    text: {
      en: '{host}:{port} accepted the connection but sent nothing for {afterMs} ms.',
      zh: '{host}:{port} 接受了连接，但在 {afterMs} 毫秒内没有任何响应。',
    },
    advice: {
      en: 'The database server hangs or is overloaded, or another service listens on this port. A SQL Server older than 2022 is silent too where tls.mode is "strict": use "required" there. Otherwise check the server.',
      zh: '数据库服务器可能挂起或过载，或该端口上是其他服务。SQL Server 2022 之前的版本在 tls.mode 为“strict”时也不会响应，请改用“required”；否则请检查该服务器。',
    },
  },
  QUERY_TIMED_OUT: {
    status: 'timed_out',
    text: {
      en: 'The login succeeded, but a statement did not return within {afterMs} ms.',
      zh: '登录成功，但语句在 {afterMs} 毫秒内没有返回。',
    },
    advice: {
      en: 'The server is blocked or overloaded. Check its waits and blocking sessions, then run the precheck again.',
      zh: '服务器被阻塞或过载。请检查等待和阻塞会话，然后重新预检。',
    },
  },
  CONNECTION_LOST: {
    status: 'error',
    numbers: ['ECONNRESET', 'EPIPE'],
    text: {
      en: '{host}:{port} closed the connection during a statement.',
      zh: '{host}:{port} 在执行语句时关闭了连接。',
    },
    advice: {
      en: 'The server went down or killed the session. Check its error log, then run the precheck again.',
      zh: '服务器可能宕机或终止了会话。请查看其错误日志，然后重新预检。',
    },
  },
  LOGIN_INTERRUPTED: {
    status: 'error',
    text: {
      en: '{host}:{port} closed the connection before the login was complete.',
      zh: '{host}:{port} 在登录完成前关闭了连接。',
    },
    advice: {
      en: 'Check the port: another service, such as PostgreSQL, does this too. A port that accepts only TLS does it to a plaintext connection, and an older server to a connection that starts with TLS: check tls.mode. Otherwise check the error log of the server.',
      zh: '请检查端口：其他服务（例如 PostgreSQL）也会这样关闭连接。仅支持 TLS 的端口会这样关闭明文连接，旧版服务器会这样关闭以 TLS 开始的连接：请检查 tls.mode。否则请查看服务器的错误日志。',
    },
  },
  NOT_A_DATABASE: {
    status: 'error',
    text: {
      en: 'The server at {host}:{port} does not speak the protocol of this database engine.',
      zh: '{host}:{port} 的服务使用的不是该数据库引擎的协议。',
    },
    advice: {
      en: 'Correct the port or the TLS mode in the registration: a port that accepts only TLS looks like this to a plaintext connection.',
      zh: '请更正注册信息中的端口或 TLS 模式：以明文连接仅支持 TLS 的端口时也会出现此问题。',
    },
  },
  OTHER_PROTOCOL: {
    status: 'error',
    text: {
      en: 'Another service answers at {host}:{port}: it speaks {protocol}. No password was sent.',
      zh: '{host}:{port} 上是其他服务：其使用的协议为 {protocol}。未发送密码。',
    },
    advice: {
      en: 'Correct the host and port in the registration. If the port is right and the protocol is TLS, set tls.mode to "strict".',
      zh: '请更正注册信息中的主机和端口。如果端口无误且协议为 TLS，请将 tls.mode 设为“strict”。',
    },
  },
  TLS_NOT_SPOKEN: {
    status: 'error',
    text: {
      en: '{host}:{port} answered the TLS handshake with something that is not TLS. No password was sent.',
      zh: '{host}:{port} 对 TLS 握手的应答不是 TLS。未发送密码。',
    },
    advice: {
      en: 'Correct the port in the registration: another service answers there, or one without TLS. If the port is right, change tls.mode.',
      zh: '请更正注册信息中的端口：该端口上是其他服务，或是不支持 TLS 的服务。如果端口无误，请更改 tls.mode。',
    },
  },
  TLS_NOT_OFFERED: {
    status: 'error',
    text: {
      en: '{host}:{port} does not offer TLS, but the registration requires it. No password was sent.',
      zh: '{host}:{port} 不支持 TLS，但注册信息要求使用 TLS。未发送密码。',
    },
    advice: {
      en: 'Install a certificate on the server and enable encryption. If the network is trusted, you can set tls.mode to "off" instead.',
      zh: '请在服务器上安装证书并启用加密；如果网络可信，也可将 tls.mode 设为“off”。',
    },
  },
  TLS_REQUIRED: {
    status: 'error',
    text: {
      en: '{host}:{port} requires TLS, but tls.mode in the registration is "off".',
      zh: '{host}:{port} 要求使用 TLS，但注册信息中的 tls.mode 为“off”。',
    },
    advice: { en: 'Set tls.mode to "required".', zh: '请将 tls.mode 设为“required”。' },
  },
  TLS_CERTIFICATE_UNTRUSTED: {
    status: 'error',
    text: {
      en: 'The certificate of {host}:{port} is not trusted ({cause}).',
      zh: '{host}:{port} 的证书不受信任（{cause}）。',
    },
    advice: {
      en: 'Set tls.ca (PEM) to the certificate authority of the server and tls.serverName to the name in its certificate.',
      zh: '请将服务器的证书颁发机构填入 tls.ca（PEM），并将证书中的名称填入 tls.serverName。',
    },
  },
  TLS_CERTIFICATE_EXPIRED: {
    status: 'error',
    text: {
      en: 'The certificate of {host}:{port} has expired or is not valid yet ({cause}).',
      zh: '{host}:{port} 的证书已过期或尚未生效（{cause}）。',
    },
    advice: {
      en: 'Compare the clock of the machine that runs the check with the dates of the certificate. If the clock is right, give the server a new certificate: no setting of the registration helps.',
      zh: '请核对运行检查的机器的时钟与证书的有效期。如果时钟无误，请为服务器更换证书，修改注册信息无济于事。',
    },
  },
  TLS_FAILED: {
    status: 'error',
    text: {
      en: 'The TLS handshake with {host}:{port} failed ({cause}).',
      zh: '与 {host}:{port} 的 TLS 握手失败（{cause}）。',
    },
    advice: {
      en: 'Check that the port is not that of another service, that it uses TLS, and that the server allows TLS 1.2 or later.',
      zh: '请确认该端口上不是其他服务、支持 TLS，且服务器允许 TLS 1.2 或更高版本。',
    },
  },
  LOGIN_FAILED: {
    status: 'error',
    text: {
      en: 'The login of {user} failed: wrong user name or password.',
      zh: '{user} 登录失败：用户名或密码错误。',
    },
    advice: {
      en: 'Correct the user name in the registration, or the password that its reference points to.',
      zh: '请更正注册信息中的用户名，或其引用指向的密码。',
    },
  },
  ACCOUNT_LOCKED: {
    status: 'error',
    text: { en: 'The account {user} is locked.', zh: '账号 {user} 已被锁定。' },
    advice: {
      en: 'Unlock it (ALTER USER … ACCOUNT UNLOCK; SQL Server: ALTER LOGIN … UNLOCK), and find out which client keeps logging in with a wrong password.',
      zh: '请解锁（ALTER USER … ACCOUNT UNLOCK；SQL Server：ALTER LOGIN … UNLOCK），并查明是哪个客户端反复使用错误密码登录。',
    },
  },
  ACCOUNT_DISABLED: {
    status: 'error',
    text: { en: 'The account {user} is disabled.', zh: '账号 {user} 已被禁用。' },
    advice: {
      en: 'Enable it (SQL Server: ALTER LOGIN … ENABLE; Oracle: in the directory that authenticates it).',
      zh: '请启用（SQL Server：ALTER LOGIN … ENABLE；Oracle：在验证该账号的目录服务中启用）。',
    },
  },
  PASSWORD_EXPIRED: {
    status: 'error',
    text: {
      en: 'The password of {user} has expired or must be changed.',
      zh: '{user} 的密码已过期或必须修改。',
    },
    advice: {
      en: 'Set a new password on the server, and store it where the reference in the registration points.',
      zh: '请在服务器上设置新密码，并更新注册信息中引用的密码。',
    },
  },
  PRIVILEGE_MISSING: {
    status: 'error',
    isOfStatement: true,
    text: {
      en: '{user} does not have a privilege that the check item needs: {detail}',
      zh: '{user} 缺少检查项所需的权限：{detail}',
    },
    advice: {
      en: 'Validate the instance (POST …/validate): the answer lists the missing privileges and the GRANT statements.',
      zh: '请校验实例（POST …/validate），其结果会列出缺少的权限和 GRANT 语句。',
    },
  },
  QUERY_FAILED: {
    status: 'error',
    text: {
      en: 'A statement failed with error {number}: {detail}',
      zh: '语句执行失败，错误 {number}：{detail}',
    },
    advice: {
      en: 'Look up the error number in the manual of the database engine, and check that its version is supported.',
      zh: '请在数据库手册中查询该错误号，并确认版本受支持。',
    },
  },
} as const satisfies Readonly<Record<string, ProblemDefinition>>

/** Error numbers of an engine that mean what a server of any engine may say. */
export type SharedNumbers = {
  readonly [Code in keyof typeof connectionProblems]?: readonly ErrorNumber[]
}
