import type { ProblemDefinition } from '../../problems/problem.ts'

/** What may happen to a session that has logged in, or to one of its statements. */
export const sessionProblems = {
  ORACLE_SESSION_KILLED: {
    status: 'error',
    numbers: [
      'ORA-00022',
      'ORA-00028',
      'ORA-00031',
      'ORA-00041',
      'ORA-01012',
      'ORA-01041',
      'ORA-03113',
      'ORA-03114',
      'ORA-03135',
      'ORA-12153',
      'ORA-12537',
      'ORA-12547',
      'ORA-12570',
      'ORA-12571',
      'ORA-12583',
    ],
    text: { en: 'The server ended the session ({code}).', zh: '服务器终止了会话（{code}）。' },
    advice: {
      en: 'The session was killed or the instance went down: check the alert log, then run the precheck again.',
      zh: '会话被终止或实例宕机，请查看告警日志，然后重新预检。',
    },
  },
  ORACLE_STATEMENT_TIMED_OUT: {
    status: 'timed_out',
    isOfStatement: true,
    numbers: [
      'ORA-00040',
      'ORA-00051',
      'ORA-00054',
      'ORA-01013',
      'ORA-02049',
      'ORA-04021',
      'ORA-07454',
      'ORA-07455',
      'ORA-30006',
      'ORA-56733',
    ],
    text: {
      en: 'The server cancelled a statement, because it waited or ran too long ({code}): {detail}',
      zh: '语句等待或运行时间过长，已被服务器取消（{code}）：{detail}',
    },
    advice: {
      en: 'Check the load of the server, its waits, and the limits that Resource Manager sets for the account.',
      zh: '请检查服务器负载、等待事件以及 Resource Manager 对该账号的限制。',
    },
  },
  ORACLE_STATEMENT_INTERRUPTED: {
    status: 'error',
    isOfStatement: true,
    numbers: ['ORA-00060', 'ORA-01555', 'ORA-04020', 'ORA-08103', 'ORA-25408'],
    text: {
      en: 'A statement was interrupted by other work on the server ({code}): {detail}',
      zh: '语句被服务器上的其他操作中断（{code}）：{detail}',
    },
    advice: { en: 'Run the precheck again.', zh: '请重新预检。' },
  },
  /** A view of all instances is read by a process on each of them (ORA-12850, Database Error Messages). */
  ORACLE_CLUSTER_UNREADABLE: {
    status: 'error',
    isOfStatement: true,
    numbers: ['ORA-12801', 'ORA-12802', 'ORA-12805', 'ORA-12850'],
    text: {
      en: 'A view of all instances (GV$) could not be read, because an instance of the cluster did not answer ({code}): {detail}',
      zh: '无法读取所有实例的视图（GV$），集群中有实例未响应（{code}）：{detail}',
    },
    advice: {
      en: 'Check that every running instance can start parallel execution servers (parallel_max_servers above 0), and the interconnect between them.',
      zh: '请确认每个运行中的实例都可以启动并行执行服务器（parallel_max_servers 大于 0），并检查实例之间的私网。',
    },
  },
  ORACLE_ANSWER_UNREADABLE: {
    status: 'error',
    numbers: ['NJS-102', 'NJS-103', 'NJS-106', 'NJS-111', 'NJS-113', 'NJS-127', 'NJS-173', 'NJS-509'],
    text: {
      en: 'The driver could not read an answer of the server ({code}): {detail}',
      zh: '驱动程序无法解析服务器的响应（{code}）：{detail}',
    },
    advice: {
      en: 'Run the precheck again. If it happens again, check what stands between the service and the server, a proxy for example.',
      zh: '请重新预检。如再次发生，请检查本服务与服务器之间的设备，例如代理。',
    },
  },
} as const satisfies Readonly<Record<string, ProblemDefinition>>
