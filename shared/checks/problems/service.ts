import type { ProblemDefinition } from '../framework/problem.ts'

/** Reasons that lie in this service or in how an instance is registered. */
export const serviceProblems: Readonly<Record<string, ProblemDefinition>> = {
  SECRET_UNAVAILABLE: {
    status: 'error',
    text: {
      en: 'The password of {user} could not be read from {reference}: {detail}',
      zh: '无法从 {reference} 读取 {user} 的密码:{detail}',
    },
    advice: {
      en: 'Set the environment variable or create the file on the machine where the check runs, or the secret in KMS, readable by the service, then run the precheck again.',
      zh: '请在执行检查的机器上设置该环境变量或创建该文件,或在 KMS 中创建该凭据,并确保服务可读取,然后重新预检。',
    },
  },
  UNEXPECTED_ANSWER: {
    status: 'error',
    text: {
      en: 'The server gave an answer that cannot be judged ({detail}).',
      zh: '服务器返回了无法判定的结果({detail})。',
    },
    advice: {
      en: 'Check that the login may read the views that the check item queries (POST /v1/instances/…/validate lists what is missing) and that the server version is supported.',
      zh: '请确认该登录账号可以读取检查项所查询的视图(POST /v1/instances/…/validate 会列出缺少的权限),并确认服务器版本受支持。',
    },
  },
  TIME_LIMIT_REACHED: {
    status: 'timed_out',
    text: {
      en: 'The check item did not end within its limit of {limitMs} ms.',
      zh: '检查项未能在 {limitMs} 毫秒的时限内结束。',
    },
    advice: {
      en: 'Look at the load of the server and at the network between it and the checker, then run the precheck again.',
      zh: '请检查服务器负载以及服务器与检查端之间的网络,然后重新预检。',
    },
  },
  NO_TIME_LEFT: {
    status: 'timed_out',
    text: {
      en: 'The check item came to run when the deadline of the precheck was too near to ask anything.',
      zh: '轮到该检查项执行时,距预检截止时间已过近,未发起任何查询。',
    },
    advice: {
      en: 'Too much was waiting. Run the precheck again; if it repeats, raise PRECHECK_CONCURRENCY or PRECHECK_DEADLINE_SECONDS.',
      zh: '等待执行的检查项过多。请重新预检;如反复出现,请调大 PRECHECK_CONCURRENCY 或 PRECHECK_DEADLINE_SECONDS。',
    },
  },
  DEADLINE_PASSED: {
    status: 'timed_out',
    text: {
      en: 'No result came in before the deadline of the precheck ({deadlineAt}).',
      zh: '在预检截止时间({deadlineAt})之前未收到结果。',
    },
    advice: {
      en: 'Run the precheck again; if it repeats, look at the queue "checks", its dead letters and the log of run-check.',
      zh: '请重新预检;如果反复出现,请查看队列 checks、其死信以及 run-check 的日志。',
    },
  },
  RESULT_TOO_LARGE: {
    status: 'error',
    text: {
      en: 'The result of the check item is too large to be stored ({findings} findings).',
      zh: '检查项的结果过大,无法保存(共 {findings} 条发现)。',
    },
    advice: {
      en: 'Something is the matter with nearly all of very many databases. Run a precheck of this check item alone, which leaves it more room, and mend what it finds.',
      zh: '大量数据库几乎全部存在问题。请单独预检该检查项(可用空间更大),并处理其发现的问题。',
    },
  },
  PROBE_FAILED: {
    status: 'error',
    text: {
      en: 'The check item could not be carried out: {detail}',
      zh: '检查项无法执行:{detail}',
    },
    advice: {
      en: 'This is a fault of the service, not of the instance. Look at the log of run-check for the precheck id.',
      zh: '这是本服务的故障,而非实例的故障。请按预检 ID 查看 run-check 的日志。',
    },
  },
  DEPENDENCY_NOT_PASSED: {
    status: 'error',
    text: {
      en: 'Skipped: what it depends on did not pass ({checkItem}: {because}).',
      zh: '已跳过:其依赖的检查项未通过({checkItem}:{because})。',
    },
    advice: {
      en: 'Mend {checkItem} first, then run the precheck again.',
      zh: '请先处理 {checkItem},然后重新预检。',
    },
  },
  NOT_APPLICABLE: {
    status: 'error',
    text: {
      en: 'Skipped: it does not apply to this instance ({detail}).',
      zh: '已跳过:不适用于该实例({detail})。',
    },
    advice: { en: 'Nothing is to be done.', zh: '无需处理。' },
  },
}
