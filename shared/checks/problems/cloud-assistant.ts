import type { ProblemDefinition } from './problem.ts'

/** What may stand between this service and a command on an ECS instance. */
export const cloudAssistantProblems: Readonly<Record<string, ProblemDefinition>> = {
  ECS_INSTANCE_NOT_FOUND: {
    status: 'error',
    text: {
      en: 'There is no ECS instance {ecsInstanceId} in {region} ({cause}).',
      zh: '地域 {region} 中没有 ECS 实例 {ecsInstanceId}（{cause}）。',
    },
    advice: {
      en: 'Correct the ECS instance ID and the region of the registration. If the instance was released, register its successor.',
      zh: '请更正注册信息中的 ECS 实例 ID 和地域；如果该实例已释放，请重新注册。',
    },
  },
  ECS_INSTANCE_NOT_RUNNING: {
    status: 'error',
    text: {
      en: 'The ECS instance {ecsInstanceId} is not running ({cause}).',
      zh: 'ECS 实例 {ecsInstanceId} 未在运行（{cause}）。',
    },
    advice: {
      en: 'Start the instance or wait until its restart is complete, then run the precheck again.',
      zh: '请启动该实例或等待其重启完成，然后重新预检。',
    },
  },
  ECS_PLATFORM_WRONG: {
    status: 'error',
    text: {
      en: 'The ECS instance {ecsInstanceId} is not a {platform} instance.',
      zh: 'ECS 实例 {ecsInstanceId} 不是 {platform} 实例。',
    },
    advice: {
      en: 'Correct the platform of the registration.',
      zh: '请更正注册信息中的操作系统平台。',
    },
  },
  CLOUD_ASSISTANT_OFFLINE: {
    status: 'error',
    text: {
      en: 'Cloud Assistant Agent on {ecsInstanceId} cannot receive commands ({cause}).',
      zh: '实例 {ecsInstanceId} 上的云助手 Agent 无法接收命令（{cause}）。',
    },
    advice: {
      en: 'Install or start the agent (Linux: systemctl start aliyun.service; Windows: Aliyun Assist Service), and allow outbound TCP 443, TCP 80 and UDP 53 for it. If the cause is ClientNeedUpgrade, upgrade it.',
      zh: '请安装或启动 Agent（Linux：systemctl start aliyun.service；Windows：Aliyun Assist Service），并放通出方向 TCP 443、TCP 80 和 UDP 53。如果原因为 ClientNeedUpgrade，请升级 Agent。',
    },
  },
  CLOUD_ASSISTANT_REFUSED: {
    status: 'error',
    text: {
      en: 'ECS refused to run a command on {ecsInstanceId} ({cause}).',
      zh: 'ECS 拒绝在实例 {ecsInstanceId} 上执行命令（{cause}）。',
    },
    advice: {
      en: 'Grant the role of run-check ecs:RunCommand and ecs:DescribeInvocationResults on this instance. Other error codes are explained in the ECS error center.',
      zh: '请授予 run-check 的角色对该实例执行 ecs:RunCommand 和 ecs:DescribeInvocationResults 的权限。其他错误码请在 ECS 错误中心查询。',
    },
  },
  CLOUD_ASSISTANT_UNAVAILABLE: {
    status: 'error',
    text: {
      en: 'ECS could not be asked to run a command on {ecsInstanceId} ({cause}).',
      zh: '无法请求 ECS 在实例 {ecsInstanceId} 上执行命令（{cause}）。',
    },
    advice: {
      en: 'If the request was throttled, run the precheck again. Otherwise check the network from run-check to the ECS endpoint of the region.',
      zh: '如被限流，请稍后重新预检；否则请检查 run-check 到该地域 ECS 接入点的网络。',
    },
  },
  COMMAND_TOO_LONG: {
    status: 'error',
    text: {
      en: 'The command for {ecsInstanceId} has {bytes} bytes; Cloud Assistant accepts at most {limit}.',
      zh: '发往实例 {ecsInstanceId} 的命令为 {bytes} 字节；云助手最多支持 {limit} 字节。',
    },
    advice: {
      en: 'Reduce endpoints.ca to the certificates that are needed, or shorten the list of endpoints.',
      zh: '请将 endpoints.ca 精简为所需的证书，或缩短接入点列表。',
    },
  },
  COMMAND_TIMED_OUT: {
    status: 'timed_out',
    text: {
      en: 'The command on {ecsInstanceId} did not finish in time.',
      zh: '实例 {ecsInstanceId} 上的命令未在时限内结束。',
    },
    advice: {
      en: 'Check the load and the DNS of the instance, then run the precheck again.',
      zh: '请检查该实例的负载和 DNS，然后重新预检。',
    },
  },
  COMMAND_FAILED: {
    status: 'error',
    text: {
      en: 'The command on {ecsInstanceId} failed with exit code {exitCode}: {detail}',
      zh: '实例 {ecsInstanceId} 上的命令失败，退出码 {exitCode}：{detail}',
    },
    advice: {
      en: 'Check the result of the command in the Cloud Assistant console. On Linux it needs a writable temporary directory, on Windows PowerShell 3 or later in full language mode.',
      zh: '请在云助手控制台查看命令结果。Linux 需要可写的临时目录，Windows 需要完整语言模式的 PowerShell 3 或更高版本。',
    },
  },
  COMMAND_INTERRUPTED: {
    status: 'error',
    text: {
      en: 'The command on {ecsInstanceId} was stopped before it finished ({cause}).',
      zh: '实例 {ecsInstanceId} 上的命令在完成前被终止（{cause}）。',
    },
    advice: { en: 'Run the precheck again.', zh: '请重新预检。' },
  },
  COMMAND_OUTPUT_CUT: {
    status: 'error',
    text: {
      en: 'Cloud Assistant dropped {dropped} bytes of the output of the command on {ecsInstanceId}.',
      zh: '云助手丢弃了实例 {ecsInstanceId} 上命令输出的 {dropped} 字节。',
    },
    advice: {
      en: 'Something else on the instance writes to the output of commands, for example a login banner. Turn it off, or shorten the list of endpoints.',
      zh: '实例上有其他内容写入命令输出，例如登录提示：请关闭它，或缩短接入点列表。',
    },
  },
  COMMAND_ANSWER_UNREADABLE: {
    status: 'error',
    text: {
      en: 'The command on {ecsInstanceId} returned an unexpected answer ({detail}).',
      zh: '实例 {ecsInstanceId} 上的命令返回了无法判定的结果（{detail}）。',
    },
    advice: {
      en: 'Check the result of the command in the Cloud Assistant console.',
      zh: '请在云助手控制台查看命令结果。',
    },
  },
  HOST_PART_UNANSWERED: {
    status: 'error',
    text: {
      en: 'The command on {ecsInstanceId} did not answer for this check item ({cause}).',
      zh: '实例 {ecsInstanceId} 上的命令没有返回该检查项的结果（{cause}）。',
    },
    advice: {
      en: 'Check the result of the command in the Cloud Assistant console. On Linux it needs df, base64 and mktemp, on Windows PowerShell 3 or later in full language mode.',
      zh: '请在云助手控制台查看命令结果。Linux 需要 df、base64 和 mktemp，Windows 需要完整语言模式的 PowerShell 3 或更高版本。',
    },
  },
  COMMANDS_NOT_RUN: {
    status: 'error',
    text: {
      en: 'This service does not run commands on ECS instances, so that nothing is known of the host {ecsInstanceId}.',
      zh: '本服务不在 ECS 实例上执行命令，因此无法了解主机 {ecsInstanceId} 的状态。',
    },
    advice: {
      en: 'Deploy the service on Function Compute, or take host out of the registration: the check items of the host do not apply then.',
      zh: '请将本服务部署到函数计算，或从注册信息中去掉 host：此时主机检查项不适用。',
    },
  },
  CURL_MISSING: {
    status: 'error',
    text: { en: 'curl is not installed on {ecsInstanceId}.', zh: '实例 {ecsInstanceId} 上未安装 curl。' },
    advice: {
      en: 'Install curl on the instance (yum install curl, apt-get install curl).',
      zh: '请在该实例上安装 curl（yum install curl 或 apt-get install curl）。',
    },
  },
}
