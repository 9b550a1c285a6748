import type { ProblemDefinition } from './problem.ts'

/** Reasons that lie in this service or in how an instance is registered. */
export const serviceProblems: Readonly<Record<string, ProblemDefinition>> = {
  SECRET_UNAVAILABLE: {
    status: 'error',
    text: {
      en: 'The password of {user} could not be read from {reference}: {detail}',
      zh: '无法从 {reference} 读取 {user} 的密码：{detail}',
    },
    advice: {
      en: 'On the machine that runs the check, set the environment variable or create the file; or create the secret in KMS. The service must be able to read it. Then run the precheck again.',
      zh: '请在运行检查的机器上设置该环境变量或创建该文件，或在 KMS 中创建该凭据，并确保服务可以读取，然后重新预检。',
    },
  },
  UNEXPECTED_ANSWER: {
    status: 'error',
    text: {
      en: 'The server returned an unexpected answer ({detail}).',
      zh: '服务器返回了无法判定的结果（{detail}）。',
    },
    advice: {
      en: 'Check that the login can read the views that the check item queries (POST /v1/instances/…/validate lists missing privileges) and that the server version is supported.',
      zh: '请确认该登录账号可以读取检查项所查询的视图（POST /v1/instances/…/validate 会列出缺少的权限），并确认服务器版本受支持。',
    },
  },
  TIME_LIMIT_REACHED: {
    status: 'timed_out',
    text: {
      en: 'The check item did not finish within {limitMs} ms.',
      zh: '检查项未能在 {limitMs} 毫秒内完成。',
    },
    advice: {
      en: 'Check the load of the server and the network between it and the service, then run the precheck again.',
      zh: '请检查服务器负载以及服务器与本服务之间的网络，然后重新预检。',
    },
  },
  NO_TIME_LEFT: {
    status: 'timed_out',
    text: {
      en: 'The check item could not start before the deadline of the precheck: it waited too long for other work.',
      zh: '检查项排队时间过长，距预检截止时间过近，未能执行。',
    },
    advice: {
      en: 'Run the precheck again. If the problem persists, increase PRECHECK_CONCURRENCY or PRECHECK_DEADLINE_SECONDS.',
      zh: '请重新预检；如果问题仍然存在，请调大 PRECHECK_CONCURRENCY 或 PRECHECK_DEADLINE_SECONDS。',
    },
  },
  DEADLINE_PASSED: {
    status: 'timed_out',
    text: {
      en: 'There was no result before the deadline of the precheck ({deadlineAt}).',
      zh: '在预检截止时间（{deadlineAt}）之前未收到结果。',
    },
    advice: {
      en: 'Run the precheck again. If the problem persists, check the queue "checks", its dead letters and the log of run-check.',
      zh: '请重新预检；如果问题仍然存在，请查看队列“checks”、其死信以及 run-check 的日志。',
    },
  },
  RIGHT_MISSING: {
    status: 'skipped',
    text: {
      en: 'The login does not have the right that this check item needs ({rights}): it was left out.',
      zh: '登录账号缺少该检查项所需的权限（{rights}），因此未执行该检查项。',
    },
    advice: {
      en: 'Grant the right ({grants}), or exclude the item in the registration (checks.exclude).',
      zh: '请授予该权限（{grants}），或在注册信息中排除该检查项（checks.exclude）。',
    },
  },
  RESULT_TOO_LARGE: {
    status: 'error',
    text: {
      en: 'The result of the check item is too large to store ({findings} findings).',
      zh: '检查项的结果过大，无法保存（共 {findings} 条发现）。',
    },
    advice: {
      en: 'Nearly all of a very large number of databases have problems. Run a precheck of this check item only, which leaves more room for its result, and fix what it finds.',
      zh: '大量数据库几乎全部存在问题。请单独预检该检查项（其结果的可用空间更大），并修复发现的问题。',
    },
  },
  CHECKER_BLOCKED: {
    status: 'error',
    text: {
      en: 'What the server answered made the checker hang or crash: the check was ended, so that other instances are not held up.',
      zh: '服务器返回的内容使检查进程挂起或崩溃：检查已终止，以免影响其他实例。',
    },
    advice: {
      en: 'Find out what answers at that address: a healthy server does not do this. From now on the instance is checked apart from the others, until a check of it ends well.',
      zh: '请确认该地址上的服务：正常的服务器不会出现这种情况。此后该实例将与其他实例隔离检查，直到检查正常结束。',
    },
  },
  CHECKER_INTERRUPTED: {
    status: 'error',
    text: {
      en: 'The check was interrupted, because the answer of another server blocked the checker. It was not repeated, since that would have been a second login.',
      zh: '检查被中断：另一台服务器返回的内容阻塞了检查进程。为避免再次登录，未重复检查。',
    },
    advice: {
      en: 'Run the precheck again. The server that blocked the checker is now checked apart from the others.',
      zh: '请重新预检。阻塞检查进程的服务器已改为隔离检查。',
    },
  },
  CHECKER_FAILED: {
    status: 'error',
    text: {
      en: 'The function that runs check items failed for good ({condition}, {attempts} attempts, request {requestId}).',
      zh: '运行检查项的函数最终失败（{condition}，共尝试 {attempts} 次，请求 {requestId}）。',
    },
    advice: {
      en: 'This is an error of the service, not of the instance. Search the log of run-check for the request ID, and run the precheck again.',
      zh: '这是本服务的故障，而非实例的故障。请按请求 ID 查看 run-check 的日志，并重新预检。',
    },
  },
  PROBE_FAILED: {
    status: 'error',
    text: {
      en: 'The check item failed with an internal error: {detail}',
      zh: '检查项因内部错误而失败：{detail}',
    },
    advice: {
      en: 'This is an error of the service, not of the instance. Search the log of run-check for the precheck ID.',
      zh: '这是本服务的故障，而非实例的故障。请按预检 ID 查看 run-check 的日志。',
    },
  },
  DEPENDENCY_NOT_PASSED: {
    status: 'skipped',
    text: {
      en: 'Skipped because {checkItem} did not pass ({because}).',
      zh: '已跳过：{checkItem} 未通过（{because}）。',
    },
    advice: {
      en: 'Fix {checkItem} first, then run the precheck again.',
      zh: '请先修复 {checkItem}，然后重新预检。',
    },
  },
  NOT_APPLICABLE: {
    status: 'skipped',
    text: {
      en: 'Skipped because it does not apply to this instance as it is registered.',
      zh: '已跳过：按当前注册信息，此检查项不适用于该实例。',
    },
    advice: {
      en: 'No action is needed. If backups go to OSS or through Cloud Backup all the same, name the endpoints in the registration (endpoints.oss, endpoints.service) or set profile to "cloud-backup"; what is looked at on the ECS host needs its name (host).',
      zh: '无需处理。如果备份仍需访问 OSS 或云备份，请在注册信息中指定接入点（endpoints.oss、endpoints.service），或将 profile 设为“cloud-backup”；需在 ECS 主机上检查的项目，请在注册信息中指定主机（host）。',
    },
  },
}
