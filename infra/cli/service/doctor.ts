import { accessSync, constants, existsSync, statfsSync } from 'node:fs'
import * as z from 'zod'
import { SessionView } from '../../../functions/api/resources/session.ts'
import { Health } from '../../../shared/model/health.ts'
import type { Text } from '../../../shared/model/message.ts'
import { moment } from './moment.ts'
import { type Access, exchange, parseJson, send } from './client.ts'
import { CommandFailed } from './command-failed.ts'
import { answerFailure } from './request-failures.ts'
import { version } from './version.ts'

/** What one look said. */
export interface DoctorFinding {
  readonly part: Text
  readonly status: 'passed' | 'warning' | 'failed' | 'skipped'
  readonly text: Text
}
type Said = Omit<DoctorFinding, 'part'>

/** Clocks that differ by more make the times in results misleading, ms. */
const clockToleranceMs = 10_000

/** Below it a database file soon cannot grow, bytes. */
const littleRoom = 1024 ** 3

const statusOf = { pass: 'passed', warn: 'warning', fail: 'failed' } as const

/** How the service says it is, and its clock; it answers 503 where it does not do its work. */
const lookAtService = async (access: Access): Promise<Said> => {
  const { response, text } = await exchange(access, { method: 'GET', path: '/healthz' })
  const body = parseJson(text)
  const health = Health.safeParse(body)
  if (!health.success) throw answerFailure(access.url, response.status, body)
  const { status, checks } = health.data
  const wrong = Object.values(checks).flatMap((looks) => looks.flatMap(({ output = [] }) => output))
  const wrongs = wrong.join(' ')
  const said =
    wrong.length === 0
      ? { en: `${access.url} does its work`, zh: `${access.url} 工作正常` }
      : { en: `${access.url} says: ${wrongs}`, zh: `${access.url} 报告：${wrongs}` }
  return { status: statusOf[status], text: said }
}

const lookAtClock = async (access: Access): Promise<Said> => {
  const { response } = await exchange(access, { method: 'GET', path: '/healthz' })
  const date = Date.parse(response.headers.get('date') ?? '')
  if (Number.isNaN(date))
    return { status: 'skipped', text: { en: 'the answer has no date', zh: '响应中没有时间' } }
  const apartMs = Math.abs(Date.now() - date)
  const seconds = Math.round(apartMs / 1000)
  return apartMs <= clockToleranceMs
    ? {
        status: 'passed',
        text: { en: 'that of the service agrees with this one', zh: '服务的时钟与本机一致' },
      }
    : {
        status: 'warning',
        text: {
          en: `that of the service differs by ${seconds} s; synchronise both (NTP)`,
          zh: `服务的时钟相差 ${seconds} 秒；请同步两端时钟（NTP）`,
        },
      }
}

const OpenApi = z.looseObject({ info: z.looseObject({ version: z.string() }) })

const lookAtVersion = async (access: Access): Promise<Said> => {
  const { info } = await send(access, { method: 'GET', path: '/openapi.json' }, OpenApi)
  return info.version === version
    ? { status: 'passed', text: { en: `the service has ${version} too`, zh: `服务同为 ${version}` } }
    : {
        status: 'warning',
        text: {
          en: `the service has ${info.version}, precheck ${version}; install the same`,
          zh: `服务为 ${info.version}，precheck 为 ${version}；请安装相同版本`,
        },
      }
}

const lookAtToken = async (access: Access): Promise<Said> => {
  const { name, scope, expiresAt } = await send(access, { method: 'GET', path: '/v1/session' }, SessionView)
  const end =
    expiresAt === null
      ? { en: 'never expires', zh: '永不过期' }
      : { en: `expires ${moment(expiresAt)}`, zh: `${moment(expiresAt)} 过期` }
  return {
    status: 'passed',
    text: { en: `"${name}", scope ${scope}, ${end.en}`, zh: `“${name}”，权限 ${scope}，${end.zh}` },
  }
}

/** The database is native code, which the other commands do without. */
const lookAtData = async (folder: string): Promise<Said> => {
  const { databaseFile } = await import('../../../shared/runtime/data-folder.ts')
  const file = databaseFile(folder)
  if (!existsSync(file))
    return {
      status: 'skipped',
      text: {
        en: `${file} is not there: no service stores its data here`,
        zh: `没有 ${file}：此处没有服务的数据`,
      },
    }
  try {
    accessSync(file, constants.R_OK | constants.W_OK)
  } catch {
    return {
      status: 'failed',
      text: { en: `${file} cannot be read and written by this user`, zh: `当前用户无法读写 ${file}` },
    }
  }
  const { bavail, bsize } = statfsSync(folder)
  const free = `${((bavail * bsize) / littleRoom).toFixed(1)} GiB`
  return bavail * bsize < littleRoom
    ? {
        status: 'warning',
        text: { en: `${folder} has little room: ${free} free`, zh: `${folder} 空间不足：剩余 ${free}` },
      }
    : {
        status: 'passed',
        text: { en: `${folder} can be written, ${free} free`, zh: `${folder} 可写，剩余 ${free}` },
      }
}

/** What the look says, or why there was none. */
const look = async (part: Text, at: () => Promise<Said>): Promise<DoctorFinding> => {
  try {
    return { part, ...(await at()) }
  } catch (fault) {
    if (fault instanceof CommandFailed) return { part, status: 'failed', text: fault.text }
    throw fault
  }
}

/** Looks at all that a command line needs. Where the service fails, that has to be mended before the rest says anything. */
export const findingsOf = async (accessOf: () => Access, folder: string): Promise<DoctorFinding[]> => {
  const service = await look({ en: 'service', zh: '服务' }, async () => lookAtService(accessOf()))
  const rest =
    service.status === 'failed'
      ? []
      : [
          await look({ en: 'version', zh: '版本' }, async () => lookAtVersion(accessOf())),
          await look({ en: 'clock', zh: '时钟' }, async () => lookAtClock(accessOf())),
          await look({ en: 'token', zh: '令牌' }, async () => lookAtToken(accessOf())),
        ]
  return [
    {
      part: { en: 'command line', zh: '命令行' },
      status: 'passed',
      text: {
        en: `precheck ${version}, Node.js ${process.version}`,
        zh: `precheck ${version}，Node.js ${process.version}`,
      },
    },
    service,
    ...rest,
    await look({ en: 'data folder', zh: '数据目录' }, async () => lookAtData(folder)),
  ]
}

/** The worst of them, as commands exit. */
export const worstOf = (findings: readonly DoctorFinding[]): 'passed' | 'warning' | 'failed' => {
  const statuses = findings.map(({ status }) => status)
  if (statuses.includes('failed')) return 'failed'
  return statuses.includes('warning') ? 'warning' : 'passed'
}
