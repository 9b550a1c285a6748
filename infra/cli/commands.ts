import * as z from 'zod'
import { PrecheckView } from '../../functions/api/views/precheck-view.ts'
import { Acknowledgement, type AcknowledgementRequest } from '../../shared/model/acknowledgement.ts'
import { Instance } from '../../shared/model/instance.ts'
import { type Access, RequestFailed, send } from './client.ts'
import { follow } from './follow.ts'
import { readInstanceFile } from './instance-file.ts'
import { moment } from './layout.ts'
import type { Paint } from './paint.ts'
import { itemLine, report } from './report.ts'

/** How a command talks to its user. */
export interface Terminal {
  readonly paint: Paint
  readonly output: 'text' | 'json'
  readonly write: (text: string) => void
}

/** Exit codes as Nagios plugins have them: 0 fine, 1 warning, 2 critical, 3 unknown. */
export const exitCodes = { passed: 0, warning: 1, failed: 2, inconclusive: 3 } as const

const exitCodeOf = ({ outcome }: PrecheckView): number => exitCodes[outcome ?? 'inconclusive']

const print = (precheck: PrecheckView, { output, paint, write }: Terminal): number => {
  write(output === 'json' ? `${JSON.stringify(precheck, null, 2)}\n` : report(precheck, paint))
  return exitCodeOf(precheck)
}

const pathOf = (instanceId: string): string => `/v1/instances/${encodeURIComponent(instanceId)}`

const Running = z.looseObject({ precheckId: z.string() })

/** Starts a precheck; one that is running already is followed instead. */
const start = async (access: Access, instanceId: string): Promise<string> => {
  try {
    const path = `${pathOf(instanceId)}/prechecks`
    const { id } = await send(access, { method: 'POST', path, body: {} }, PrecheckView)
    return id
  } catch (fault) {
    if (!(fault instanceof RequestFailed) || fault.code !== 'PRECHECK_RUNNING') throw fault
    return Running.parse(fault.context).precheckId
  }
}

const followAndPrint = async (access: Access, precheckId: string, terminal: Terminal): Promise<number> => {
  const { output, paint, write } = terminal
  const precheck = await follow(access, precheckId, (item) => {
    if (output === 'text') write(`${itemLine(item, paint)}\n`)
  })
  return print(precheck, terminal)
}

/** `precheck run <instanceId | --file instance.yaml>`: registers the file if there is one, starts, follows, reports. */
export const run = async (
  access: Access,
  target: { readonly instanceId?: string | undefined; readonly file?: string | undefined },
  terminal: Terminal,
): Promise<number> => {
  const file = target.file === undefined ? null : readInstanceFile(target.file)
  const instanceId = file?.id ?? target.instanceId ?? ''
  if (file) await send(access, { method: 'PUT', path: pathOf(instanceId), body: file.definition }, Instance)
  return followAndPrint(access, await start(access, instanceId), terminal)
}

/** `precheck watch <precheckId>`: follows a precheck that somebody else started. */
export const watch = followAndPrint

/** `precheck last <instanceId>`: reports the last result. */
export const last = async (access: Access, instanceId: string, terminal: Terminal): Promise<number> =>
  print(
    await send(access, { method: 'GET', path: `${pathOf(instanceId)}/prechecks/last` }, PrecheckView),
    terminal,
  )

const InstancePage = z.object({ items: z.array(Instance), next: z.string().nullable() })

const instanceLine = ({ id, definition, status }: Instance): string => {
  const { host, port } = definition.connection
  return `${id.padEnd(32)} ${definition.engine.padEnd(10)} ${definition.region.padEnd(16)} ${status.padEnd(11)} ${host}${port === undefined ? '' : `:${port}`}`
}

/** `precheck instances`: lists what is registered. */
export const instances = async (access: Access, { output, write }: Terminal): Promise<number> => {
  const found: Instance[] = []
  for (let after: string | null = ''; after !== null;) {
    const path: string = `/v1/instances?limit=200${after === '' ? '' : `&after=${after}`}`
    const page: z.infer<typeof InstancePage> = await send(access, { method: 'GET', path }, InstancePage)
    found.push(...page.items)
    after = page.next
  }
  const text = found.length === 0 ? 'Nothing is registered yet.\n' : `${found.map(instanceLine).join('\n')}\n`
  write(output === 'json' ? `${JSON.stringify(found, null, 2)}\n` : text)
  return exitCodes.passed
}

/** `precheck acknowledge <instanceId> <CHECK_ITEM>`: lets a known finding count as a warning until it expires. */
export const acknowledge = async (
  access: Access,
  instanceId: string,
  request: AcknowledgementRequest,
  { output, write }: Terminal,
): Promise<number> => {
  const path = `${pathOf(instanceId)}/acknowledgements`
  const made = await send(access, { method: 'POST', path, body: request }, Acknowledgement)
  const what = made.database === undefined ? made.checkItem : `${made.checkItem} of ${made.database}`
  const text = `${what} counts as a warning until ${moment(made.expiresAt)} (${made.id}).\n`
  write(output === 'json' ? `${JSON.stringify(made, null, 2)}\n` : text)
  return exitCodes.passed
}
