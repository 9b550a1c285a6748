import { ValidationView } from '../../../functions/api/resources/validation.ts'
import { type Look, exitCodes, print } from '../reports/terminal.ts'
import { type Access, defaultLimits, pause, send } from '../service/client.ts'
import { CommandFailed } from '../service/command-failed.ts'
import { instancePath } from '../service/paths.ts'
import type { AddCommand } from './command.ts'
import { describedInstance } from './described.ts'

/** The service waits for so long before it answers that it goes on, ms. */
const serviceWaitMs = 30_000

/** Pause between two looks at a running validation, ms. */
const pauseMs = 500

/** Has an instance validated, and waits for the result. Rejects with `CommandFailed`. */
export const validated = async (access: Access, instanceId: string): Promise<ValidationView> => {
  const { timeoutMs, maxBytes } = access.limits ?? defaultLimits
  const patient = { ...access, limits: { timeoutMs: timeoutMs + serviceWaitMs, maxBytes } }
  const path = instancePath(instanceId)
  let view = await send(patient, { method: 'POST', path: `${path}/validate` }, ValidationView)
  while (view.state === 'running') {
    if (Date.parse(view.deadlineAt) < Date.now())
      throw new CommandFailed(
        {
          en: `The validation of ${instanceId} has not ended in time. Try it again.`,
          zh: `${instanceId} 的验证未在期限内完成，请重试。`,
        },
        'VALIDATION_OVERDUE',
      )
    await pause(access, pauseMs)
    view = await send(access, { method: 'GET', path: `${path}/validation` }, ValidationView)
  }
  return view
}

/** What a validation came to, with the script that grants what is missing. */
export const validationText = (view: ValidationView, { paint, say }: Look): string => {
  const { instanceId, problem, missingPrivileges, grantScript, status } = view
  if (problem) {
    const head = say({ en: `${instanceId} could not be checked:`, zh: `无法检查 ${instanceId}：` })
    return `${paint.bad(head)} ${problem.text}\n→ ${problem.advice}\n`
  }
  if (grantScript === null)
    return `${paint.good(say({ en: `${instanceId} is online, and no right is missing.`, zh: `${instanceId} 在线，权限齐全。` }))}\n`
  const names = missingPrivileges.map(({ privilege }) => privilege).join(', ')
  const head = say({
    en: `${instanceId} is ${status}; rights are missing: ${names}. As an administrator of the database, run:`,
    zh: `${instanceId} 状态为 ${status}，缺少权限：${names}。请以数据库管理员身份执行：`,
  })
  return `${paint.fair(head)}\n\n${grantScript}`
}

/** Not reached: nobody knows; not online: prechecks cannot work; online with a right missing: some items are skipped. */
export const validationExitCode = ({ problem, status, grantScript }: ValidationView): number => {
  if (problem) return exitCodes.inconclusive
  if (status !== 'online') return exitCodes.failed
  return grantScript === null ? exitCodes.passed : exitCodes.warning
}

export const validate: AddCommand = (program, actionOf, say) =>
  program
    .command('validate')
    .description(
      say({
        en: 'test connection, login and rights of an instance, and print the GRANT script for what is missing',
        zh: '测试实例的连接、登录和权限，并输出补齐权限的 GRANT 脚本',
      }),
    )
    .argument('<instance-id>', say(describedInstance))
    .action(
      actionOf(async ({ access, terminal }, instanceId) => {
        const view = await validated(access(), instanceId)
        print(terminal, view, (shown) => validationText(shown, terminal))
        return validationExitCode(view)
      }),
    )
