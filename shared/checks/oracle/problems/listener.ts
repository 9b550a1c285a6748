import type { ProblemDefinition } from '../../problems/problem.ts'

/** What the listener, or what stands in front of it, answers to a request for a connection. */
export const listenerProblems = {
  ORACLE_SERVICE_UNKNOWN: {
    status: 'error',
    numbers: ['ORA-12514', 'NJS-518'],
    text: {
      en: 'The listener at {host}:{port} does not know the service {service} (ORA-12514): the instance is not started or not registered yet, or the name is wrong.',
      zh: '{host}:{port} 的监听器上没有服务 {service}（ORA-12514）：实例未启动或尚未注册，或名称有误。',
    },
    advice: {
      en: 'Start the instance, or correct serviceName; "lsnrctl services" lists the services of the listener.',
      zh: '请启动实例或更正 serviceName；可使用“lsnrctl services”查看监听器的服务。',
    },
  },
  ORACLE_SID_UNKNOWN: {
    status: 'error',
    numbers: ['ORA-12505', 'NJS-519'],
    text: {
      en: 'The listener at {host}:{port} does not know the SID {service} (ORA-12505): the instance is not started or not registered yet, or the name is wrong.',
      zh: '{host}:{port} 的监听器上没有 SID {service}（ORA-12505）：实例未启动或尚未注册，或名称有误。',
    },
    advice: {
      en: 'Start the instance, or correct sid; "lsnrctl services" lists the instances of the listener.',
      zh: '请启动实例或更正 sid；可使用“lsnrctl services”查看监听器的实例。',
    },
  },
  ORACLE_INSTANCE_BLOCKED: {
    status: 'error',
    numbers: ['ORA-12528'],
    text: {
      en: 'The listener blocks new connections to the instance (ORA-12528): it is starting or in NOMOUNT.',
      zh: '监听器阻止到实例的新连接（ORA-12528）：实例正在启动或处于 NOMOUNT。',
    },
    advice: { en: 'Mount and open the database.', zh: '请装载并打开数据库。' },
  },
  ORACLE_INSTANCE_RESTRICTED: {
    status: 'error',
    numbers: ['ORA-01035', 'ORA-12526'],
    text: {
      en: 'The instance only accepts logins with the RESTRICTED SESSION privilege ({code}).',
      zh: '实例仅允许具有 RESTRICTED SESSION 权限的登录（{code}）。',
    },
    advice: {
      en: 'Run ALTER SYSTEM DISABLE RESTRICTED SESSION.',
      zh: '请执行 ALTER SYSTEM DISABLE RESTRICTED SESSION。',
    },
  },
  /** "About Blocked Connection Requests", Net Services Administrator's Guide: some instances restricted, some blocked. */
  ORACLE_INSTANCE_RESTRICTED_OR_BLOCKED: {
    status: 'error',
    numbers: ['ORA-12527'],
    text: {
      en: 'The listener takes no connection (ORA-12527): the instances of the service are in restricted mode, or block new connections because they are starting or shutting down.',
      zh: '监听器不接受连接（ORA-12527）：该服务的实例处于受限模式，或因正在启动或关闭而阻止新连接。',
    },
    advice: {
      en: 'Look at STATUS and LOGINS in V$INSTANCE on the server as SYSDBA. If LOGINS is RESTRICTED, run ALTER SYSTEM DISABLE RESTRICTED SESSION; otherwise wait until the instance is open or down.',
      zh: '请在服务器上以 SYSDBA 身份查看 V$INSTANCE 的 STATUS 和 LOGINS。如果 LOGINS 为 RESTRICTED，请执行 ALTER SYSTEM DISABLE RESTRICTED SESSION；否则请等待实例打开或关闭完成。',
    },
  },
  ORACLE_NO_HANDLER: {
    status: 'error',
    numbers: [
      'ORA-00018',
      'ORA-00019',
      'ORA-00020',
      'ORA-12510',
      'ORA-12511',
      'ORA-12516',
      'ORA-12518',
      'ORA-12519',
      'ORA-12520',
    ],
    text: {
      en: 'The instance takes no further connection ({code}): a limit of processes or sessions is reached, or resources are short.',
      zh: '实例无法接受更多连接（{code}）：进程数或会话数已达上限，或资源不足。',
    },
    advice: {
      en: 'Check v$resource_limit and end idle sessions, or increase the parameter processes.',
      zh: '请查看 v$resource_limit，结束空闲会话或增大 processes 参数。',
    },
  },
  ORACLE_LISTENER_FAILED: {
    status: 'error',
    numbers: ['ORA-12500', 'ORA-12509', 'ORA-12540', 'ORA-12549', 'ORA-12560'],
    text: {
      en: 'The listener at {host}:{port} could not hand the connection to a server process ({code}).',
      zh: '{host}:{port} 的监听器无法将连接交给服务器进程（{code}）。',
    },
    advice: {
      en: 'Check the log of the listener, and the memory, processes and limits of the operating system on its host.',
      zh: '请查看监听器日志，并检查其主机的内存、进程数和操作系统限制。',
    },
  },
  ORACLE_CLIENT_FILTERED: {
    status: 'error',
    numbers: ['ORA-12506', 'ORA-12529'],
    text: {
      en: '{host}:{port} rejects connections from this machine by a filter or access control list ({code}).',
      zh: '{host}:{port} 通过过滤规则或访问控制列表拒绝来自本机的连接（{code}）。',
    },
    advice: {
      en: 'Allow the machine that runs the check in the rules of Connection Manager (cman.ora) or in the access control list of the service (DBMS_SFW_ACL_ADMIN).',
      zh: '请在 Connection Manager 的规则（cman.ora）或该服务的访问控制列表（DBMS_SFW_ACL_ADMIN）中放行运行检查的机器。',
    },
  },
  ORACLE_GATEWAY_REACHED_NOBODY: {
    status: 'error',
    numbers: ['ORA-12541', 'ORA-12543', 'ORA-12545'],
    text: {
      en: 'What answers at {host}:{port} passes connections on, but could not reach the database behind it ({code}).',
      zh: '{host}:{port} 会转发连接，但无法连接到其后的数据库（{code}）。',
    },
    advice: {
      en: 'Check the address that Connection Manager or the proxy passes connections on to, and the listener there.',
      zh: '请检查 Connection Manager 或代理所转发的地址以及该处的监听器。',
    },
  },
  ORACLE_LOGIN_TIMED_OUT: {
    status: 'timed_out',
    numbers: ['ORA-03136', 'ORA-12170', 'ORA-12525', 'ORA-12535', 'ORA-12606', 'ORA-12608', 'ORA-12609'],
    text: {
      en: 'The server or its listener gave up on the connection, because it took too long ({code}).',
      zh: '建立连接耗时过长，服务器或监听器已放弃（{code}）。',
    },
    advice: {
      en: 'Check the load of the server, the network, and INBOUND_CONNECT_TIMEOUT in sqlnet.ora and listener.ora.',
      zh: '请检查服务器负载、网络以及 sqlnet.ora 和 listener.ora 中的 INBOUND_CONNECT_TIMEOUT。',
    },
  },
  ORACLE_LISTENER_REFUSED: {
    status: 'error',
    numbers: [
      'ORA-12502',
      'ORA-12504',
      'ORA-12508',
      'ORA-12513',
      'ORA-12515',
      'ORA-12521',
      'ORA-12522',
      'ORA-12523',
      'ORA-12524',
      'ORA-12533',
      'ORA-12564',
      'NJS-511',
      'NJS-536',
    ],
    text: { en: 'The listener refused the connection ({code}).', zh: '监听器拒绝连接（{code}）。' },
    advice: { en: 'Check the log of the listener.', zh: '请查看监听器日志。' },
  },
} as const satisfies Readonly<Record<string, ProblemDefinition>>
