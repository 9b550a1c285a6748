import { accessSync, constants, existsSync, statfsSync } from 'node:fs'
import * as z from 'zod'
import { SessionView } from '../../../functions/api/resources/session.ts'
import { Health } from '../../../shared/model/health.ts'
import { moment } from '../reports/layout.ts'
import { type Access, exchange, parseJson, send } from './client.ts'
import { CommandFailed } from './command-failed.ts'
import { answerFailure } from './request-failures.ts'
import { version } from './version.ts'

/** What one look said. */
export interface DoctorFinding {
  readonly part: string
  readonly status: 'passed' | 'warning' | 'failed' | 'skipped'
  readonly text: string
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
  const words = wrong.length === 0 ? 'does its work' : `says: ${wrong.join(' ')}`
  return { status: statusOf[status], text: `${access.url} ${words}` }
}

const lookAtClock = async (access: Access): Promise<Said> => {
  const { response } = await exchange(access, { method: 'GET', path: '/healthz' })
  const date = Date.parse(response.headers.get('date') ?? '')
  if (Number.isNaN(date)) return { status: 'skipped', text: 'the answer has no date' }
  const apartMs = Math.abs(Date.now() - date)
  return apartMs <= clockToleranceMs
    ? { status: 'passed', text: 'that of the service agrees with this one' }
    : {
        status: 'warning',
        text: `that of the service differs by ${Math.round(apartMs / 1000)} s; synchronise both (NTP)`,
      }
}

const OpenApi = z.looseObject({ info: z.looseObject({ version: z.string() }) })

const lookAtVersion = async (access: Access): Promise<Said> => {
  const { info } = await send(access, { method: 'GET', path: '/openapi.json' }, OpenApi)
  return info.version === version
    ? { status: 'passed', text: `the service has ${version} too` }
    : { status: 'warning', text: `the service has ${info.version}, precheck ${version}; install the same` }
}

const lookAtToken = async (access: Access): Promise<Said> => {
  const { name, scope, expiresAt } = await send(access, { method: 'GET', path: '/v1/session' }, SessionView)
  const end = expiresAt === null ? 'never expires' : `expires ${moment(expiresAt)}`
  return { status: 'passed', text: `"${name}", scope ${scope}, ${end}` }
}

/** The database is native code, which the other commands do without. */
const lookAtData = async (folder: string): Promise<Said> => {
  const { databaseFile } = await import('../../../shared/runtime/data-folder.ts')
  const file = databaseFile(folder)
  if (!existsSync(file))
    return { status: 'skipped', text: `${file} is not there: no service stores its data here` }
  try {
    accessSync(file, constants.R_OK | constants.W_OK)
  } catch {
    return { status: 'failed', text: `${file} cannot be read and written by this user` }
  }
  const { bavail, bsize } = statfsSync(folder)
  const free = `${((bavail * bsize) / littleRoom).toFixed(1)} GiB free`
  return bavail * bsize < littleRoom
    ? { status: 'warning', text: `${folder} has little room: ${free}` }
    : { status: 'passed', text: `${folder} can be written, ${free}` }
}

/** What the look says, or why there was none. */
const look = async (part: string, at: () => Promise<Said>): Promise<DoctorFinding> => {
  try {
    return { part, ...(await at()) }
  } catch (fault) {
    if (fault instanceof CommandFailed) return { part, status: 'failed', text: fault.message }
    throw fault
  }
}

/** Looks at all that a command line needs. Where the service fails, that has to be mended before the rest says anything. */
export const findingsOf = async (accessOf: () => Access, folder: string): Promise<DoctorFinding[]> => {
  const service = await look('service', async () => lookAtService(accessOf()))
  const rest =
    service.status === 'failed'
      ? []
      : [
          await look('version', async () => lookAtVersion(accessOf())),
          await look('clock', async () => lookAtClock(accessOf())),
          await look('token', async () => lookAtToken(accessOf())),
        ]
  return [
    { part: 'command line', status: 'passed', text: `precheck ${version}, Node.js ${process.version}` },
    service,
    ...rest,
    await look('data folder', async () => lookAtData(folder)),
  ]
}

/** The worst of them, as commands exit. */
export const worstOf = (findings: readonly DoctorFinding[]): 'passed' | 'warning' | 'failed' => {
  const statuses = findings.map(({ status }) => status)
  if (statuses.includes('failed')) return 'failed'
  return statuses.includes('warning') ? 'warning' : 'passed'
}
