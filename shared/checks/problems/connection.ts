import type { ProblemDefinition } from '../framework/problem.ts'

/** What may stand between this service and a database server of any engine. */
export const connectionProblems: Readonly<Record<string, ProblemDefinition>> = {
  HOST_UNKNOWN: {
    status: 'error',
    text: { en: 'The host name {host} has no address.', zh: '无法解析主机名 {host}。' },
    advice: {
      en: 'Correct the host of the registration, or the DNS servers of the machine where the check runs.',
      zh: '请更正注册信息中的主机名,或检查执行检查的机器的 DNS 配置。',
    },
  },
  CONNECTION_REFUSED: {
    status: 'error',
    text: { en: 'Nothing listens at {host}:{port}.', zh: '{host}:{port} 没有服务在监听。' },
    advice: {
      en: 'Check host and port of the registration, that the database service (and its listener) runs, and that TCP/IP is enabled for it.',
      zh: '请检查注册信息中的主机和端口,确认数据库服务(及监听器)正在运行并启用了 TCP/IP。',
    },
  },
  CONNECTION_TIMED_OUT: {
    status: 'timed_out',
    text: {
      en: 'No TCP answer from {host}:{port} within {afterMs} ms.',
      zh: '{host}:{port} 在 {afterMs} 毫秒内没有 TCP 响应。',
    },
    advice: {
      en: 'A security group, a firewall or a missing route drops the packets. Allow the port from the machine where the check runs.',
      zh: '可能被安全组、防火墙丢弃或缺少路由。请放通执行检查的机器到该端口的访问。',
    },
  },
  NETWORK_UNREACHABLE: {
    status: 'error',
    text: { en: 'There is no route to {host}:{port}.', zh: '没有到 {host}:{port} 的路由。' },
    advice: {
      en: 'Check the VPC and the route table of the machine where the check runs.',
      zh: '请检查执行检查的机器所在的 VPC 和路由表。',
    },
  },
  SERVER_SILENT: {
    status: 'timed_out',
    text: {
      en: '{host}:{port} accepted the connection and then said nothing for {afterMs} ms.',
      zh: '{host}:{port} 接受了连接,但在 {afterMs} 毫秒内没有任何响应。',
    },
    advice: {
      en: 'The database server hangs or is overloaded, or something else listens at this port. Look at the server itself.',
      zh: '数据库服务器可能挂起或过载,或该端口上是其他服务。请检查服务器本身。',
    },
  },
  QUERY_TIMED_OUT: {
    status: 'timed_out',
    text: {
      en: 'The login worked; then a statement had no answer within {afterMs} ms.',
      zh: '登录成功,但语句在 {afterMs} 毫秒内没有返回。',
    },
    advice: {
      en: 'The server is blocked or overloaded. Look at its waits and blocking sessions, then run the precheck again.',
      zh: '服务器被阻塞或过载。请检查等待和阻塞会话,然后重新预检。',
    },
  },
  CONNECTION_LOST: {
    status: 'error',
    text: { en: '{host}:{port} closed the connection midway.', zh: '{host}:{port} 中途关闭了连接。' },
    advice: {
      en: 'The server went down, or killed the session. Look at its error log, then run the precheck again.',
      zh: '服务器可能宕机或终止了会话。请查看其错误日志,然后重新预检。',
    },
  },
  LOGIN_INTERRUPTED: {
    status: 'error',
    text: {
      en: '{host}:{port} closed the connection before the login was done.',
      zh: '{host}:{port} 在登录完成前关闭了连接。',
    },
    advice: {
      en: 'A port that takes TLS only does this to a plain connection, and an older server to TLS first: check tls.mode. Otherwise the error log of the server says why.',
      zh: '仅支持 TLS 的端口会这样关闭明文连接,旧版服务器也会这样关闭 TLS 优先的连接:请检查 tls.mode。否则原因见服务器错误日志。',
    },
  },
  NOT_A_DATABASE: {
    status: 'error',
    text: {
      en: 'What answers at {host}:{port} does not speak the protocol of this database engine.',
      zh: '{host}:{port} 的应答不是该数据库引擎的协议。',
    },
    advice: {
      en: 'Correct the port of the registration, or its TLS mode: a TLS-only port looks like this to a plain connection.',
      zh: '请更正注册信息中的端口或 TLS 模式:仅支持 TLS 的端口对明文连接也会如此。',
    },
  },
  TLS_NOT_OFFERED: {
    status: 'error',
    text: {
      en: '{host}:{port} offers no TLS, and the registration requires it. No password was sent.',
      zh: '{host}:{port} 不支持 TLS,而注册信息要求使用。密码未发送。',
    },
    advice: {
      en: 'Install a certificate on the server and enable encryption, or set tls.mode to "off" if the network is trusted.',
      zh: '请在服务器上安装证书并启用加密;如网络可信,可将 tls.mode 设为 "off"。',
    },
  },
  TLS_REQUIRED: {
    status: 'error',
    text: {
      en: '{host}:{port} insists on TLS, and the registration says tls.mode "off".',
      zh: '{host}:{port} 要求 TLS,而注册信息中 tls.mode 为 "off"。',
    },
    advice: { en: 'Set tls.mode to "required".', zh: '请将 tls.mode 设为 "required"。' },
  },
  TLS_CERTIFICATE_UNTRUSTED: {
    status: 'error',
    text: {
      en: 'The certificate of {host}:{port} is not trusted ({cause}).',
      zh: '{host}:{port} 的证书不受信任({cause})。',
    },
    advice: {
      en: 'Give the certificate authority of the server as tls.ca (PEM) and the name in its certificate as tls.serverName.',
      zh: '请将服务器的证书颁发机构填入 tls.ca(PEM),并将证书中的名称填入 tls.serverName。',
    },
  },
  TLS_FAILED: {
    status: 'error',
    text: {
      en: 'TLS with {host}:{port} failed ({cause}).',
      zh: '与 {host}:{port} 的 TLS 握手失败({cause})。',
    },
    advice: {
      en: 'Check that the port speaks TLS and that the server allows TLS 1.2 or later.',
      zh: '请确认该端口支持 TLS,且服务器允许 TLS 1.2 或更高版本。',
    },
  },
  LOGIN_FAILED: {
    status: 'error',
    text: {
      en: 'The login {user} was refused: wrong name or password.',
      zh: '登录 {user} 被拒绝:用户名或密码错误。',
    },
    advice: {
      en: 'Correct the user name of the registration, or the password behind its reference.',
      zh: '请更正注册信息中的用户名,或其引用所指的密码。',
    },
  },
  ACCOUNT_LOCKED: {
    status: 'error',
    text: { en: 'The account {user} is locked.', zh: '账号 {user} 已被锁定。' },
    advice: {
      en: 'Unlock it (Oracle: ALTER USER … ACCOUNT UNLOCK; SQL Server: ALTER LOGIN … UNLOCK), and find what locked it: a wrong password elsewhere.',
      zh: '请解锁(Oracle:ALTER USER … ACCOUNT UNLOCK;SQL Server:ALTER LOGIN … UNLOCK),并查明锁定原因。',
    },
  },
  ACCOUNT_DISABLED: {
    status: 'error',
    text: { en: 'The account {user} is disabled.', zh: '账号 {user} 已被禁用。' },
    advice: { en: 'Enable it: ALTER LOGIN … ENABLE.', zh: '请启用:ALTER LOGIN … ENABLE。' },
  },
  PASSWORD_EXPIRED: {
    status: 'error',
    text: {
      en: 'The password of {user} has expired or must be changed.',
      zh: '{user} 的密码已过期或必须修改。',
    },
    advice: {
      en: 'Set a new password on the server and behind the reference of the registration.',
      zh: '请在服务器上设置新密码,并更新注册信息引用的密码。',
    },
  },
  PRIVILEGE_MISSING: {
    status: 'error',
    text: {
      en: '{user} lacks a privilege that the check item needs: {detail}',
      zh: '{user} 缺少检查项所需的权限:{detail}',
    },
    advice: {
      en: 'Validate the instance (POST …/validate): it prints the GRANT script for what is missing.',
      zh: '请校验实例(POST …/validate),它会输出缺少权限的 GRANT 脚本。',
    },
  },
  QUERY_FAILED: {
    status: 'error',
    text: {
      en: 'A statement failed with error {number}: {detail}',
      zh: '语句执行失败,错误 {number}:{detail}',
    },
    advice: {
      en: 'Look the number up in the manual of the engine; check that its version is supported.',
      zh: '请在数据库手册中查询该错误号,并确认版本受支持。',
    },
  },
}
