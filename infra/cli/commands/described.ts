import type { Text } from '../../../shared/model/message.ts'

/** What the help says of arguments and options that several commands take. */
export const describedInstance: Text = { en: 'id of a registered instance', zh: '已注册实例的 ID' }
export const describedFile: Text = {
  en: 'file in YAML or JSON, or - for stdin',
  zh: 'YAML 或 JSON 文件；- 表示标准输入',
}
export const describedOperation: Text = { en: 'what the job does', zh: '作业执行的操作' }
export const describedDatabases: Text = {
  en: 'a database of the job, may be repeated; left out: all',
  zh: '作业涉及的数据库，可重复；省略表示全部',
}
export const describedData: Text = {
  en: 'data folder of the service, which has to be stopped',
  zh: '服务的数据目录；服务须已停止',
}
export const describedMember: Text = {
  en: 'id of a registered instance; left out: the fleet',
  zh: '已注册实例的 ID；省略表示全部实例',
}
export const describedAll: Text = {
  en: 'also notes of what passed, and operations that the backup plan does not use',
  zh: '同时显示通过项的提示，以及备份计划未使用的操作',
}

/** What says how an instance is reached. */
export const reachTexts = {
  engine: { en: 'what it is', zh: '数据库类型' },
  address: {
    en: String.raw`host:port; Oracle: host:port/service; SQL Server also host\name`,
    zh: String.raw`主机:端口；Oracle：主机:端口/服务名；SQL Server 也可用主机\实例名`,
  },
  region: { en: 'region id, such as cn-hangzhou', zh: '地域 ID，例如 cn-hangzhou' },
  username: { en: 'login of the prechecks', zh: '预检使用的数据库账号' },
  password: {
    en: 'where its password is: env:PRECHECK_SECRET_…, file:/… or kms:…',
    zh: '密码的存放位置：env:PRECHECK_SECRET_…、file:/… 或 kms:…',
  },
} as const satisfies Readonly<Record<string, Text>>

export const describedWebhook: Text = {
  en: 'id of a webhook (wh_…), from "precheck webhook list"',
  zh: 'Webhook 的 ID（wh_…），见 precheck webhook list',
}
