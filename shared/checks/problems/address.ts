import type { ProblemDefinition } from './problem.ts'

const redirectAdvice: ProblemDefinition['advice'] = {
  en: 'If the database has other addresses, those of a cluster or behind a gateway, allow them with "redirects" in the registration. If it does not, check who answers there.',
  zh: '如果该数据库还有其他地址（例如集群或网关之后的地址），请在注册信息中用“redirects”放行；否则请检查该地址上是什么服务。',
}

/** An address that is not connected to. No password was sent there. */
export const addressProblems = {
  ADDRESS_NOT_ALLOWED: {
    status: 'error',
    text: {
      en: 'The address {address} of {host} is not connected to: it is link-local, of metadata, or not in PRECHECK_DATABASE_NETWORKS.',
      zh: '不会连接 {host} 的地址 {address}：该地址为链路本地地址或元数据地址，或不在 PRECHECK_DATABASE_NETWORKS 中。',
    },
    advice: {
      en: 'Correct the host in the registration, or what its name resolves to; or have the operator add the network to PRECHECK_DATABASE_NETWORKS.',
      zh: '请更正注册信息中的主机或其域名解析结果，或请运维人员将该网络加入 PRECHECK_DATABASE_NETWORKS。',
    },
  },
  NAME_SERVER_SILENT: {
    status: 'timed_out',
    text: {
      en: 'The host name {host} could not be resolved within {afterMs} ms.',
      zh: '在 {afterMs} 毫秒内未能解析主机名 {host}。',
    },
    advice: {
      en: 'Check the name servers of the machine that runs the check (/etc/resolv.conf).',
      zh: '请检查运行检查的机器的 DNS 服务器（/etc/resolv.conf）。',
    },
  },
  REDIRECT_REFUSED: {
    status: 'error',
    text: {
      en: '{host}:{port} sent the session on to {address}, which the registration does not allow.',
      zh: '{host}:{port} 将会话重定向到 {address}，注册信息不允许。',
    },
    advice: redirectAdvice,
  },
  REDIRECT_REPEATED: {
    status: 'error',
    text: {
      en: 'The session was sent on a second time, to {address}; one time is followed.',
      zh: '会话被第二次重定向（到 {address}）；仅跟随一次重定向。',
    },
    advice: {
      en: 'Register the address of the database itself, not that of what stands in front of it.',
      zh: '请注册数据库自身的地址，而不是其前端的地址。',
    },
  },
  REDIRECT_TO_PLAINTEXT: {
    status: 'error',
    text: {
      en: '{host}:{port} sent the session on without TLS, but the registration requires it.',
      zh: '{host}:{port} 将会话重定向到不使用 TLS 的连接，但注册信息要求使用 TLS。',
    },
    advice: {
      en: 'Register the TLS endpoint of the database (TCPS) for its listeners: LOCAL_LISTENER and REMOTE_LISTENER with PROTOCOL=TCPS.',
      zh: '请为数据库的监听器注册 TLS 端点（TCPS）：LOCAL_LISTENER 和 REMOTE_LISTENER 使用 PROTOCOL=TCPS。',
    },
  },
  REDIRECT_UNREADABLE: {
    status: 'error',
    text: {
      en: '{host}:{port} sent the session on with something that is not an address.',
      zh: '{host}:{port} 重定向会话时给出的内容不是有效地址。',
    },
    advice: {
      en: 'Check what answers at this address: a listener sends a session on to another listener only.',
      zh: '请检查该地址上是什么服务：监听器只会将会话重定向到另一个监听器。',
    },
  },
} as const satisfies Readonly<Record<string, ProblemDefinition>>
