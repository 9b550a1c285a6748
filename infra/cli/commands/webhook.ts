import { Option } from '@commander-js/extra-typings'
import * as z from 'zod'
import { CreatedView, RotatedView } from '../../../functions/api/resources/webhooks.ts'
import { EventType, Webhook, WebhookFormat } from '../../../shared/webhooks/model/webhook.ts'
import { stringify } from 'yaml'
import { listed } from '../reports/cells.ts'
import type { Look, Say } from '../reports/terminal.ts'
import { CommandFailed } from '../service/command-failed.ts'
import { type Fields, readFields } from '../service/definition-file.ts'
import { webhookPath } from '../service/paths.ts'
import { asking, removing } from './asking.ts'
import { type AddCommand, type ReadInput, grouped } from './command.ts'
import { describedFile, describedWebhook } from './described.ts'
import { parseCount, parseName, parseTag } from './option-values.ts'
import { deliveries, redeliver, testWebhook } from './webhook-deliveries.ts'

const List = z.object({ items: z.array(Webhook) })

const rowOf = ({ id, definition, stopped }: Webhook, say: Say): string[] => {
  const { format, enabled, url, events } = definition
  const off = stopped ? { en: 'stopped', zh: '已停止' } : { en: 'disabled', zh: '已停用' }
  const state = enabled && !stopped ? { en: 'enabled', zh: '已启用' } : off
  return [id, say(state), format, events.join(','), url]
}

const list: AddCommand = (program, actionOf, say) =>
  program
    .command('list')
    .description(say({ en: 'list the webhooks', zh: '列出 Webhook' }))
    .action(
      actionOf(
        asking({
          request: () => ({ method: 'GET', path: '/v1/webhooks' }),
          answer: List,
          text: ({ items }, { say: tell }) =>
            listed(
              items.map((item) => rowOf(item, tell)),
              tell({ en: 'There are no webhooks.\n', zh: '还没有 Webhook。\n' }),
            ),
        }),
      ),
    )

/** The secret is the last line, by itself. */
const secretText = (
  { id, secret }: { readonly id: string; readonly secret: string | null },
  { say }: Look,
): string => {
  const hint = say({ en: `Try it: precheck webhook test ${id}`, zh: `测试：precheck webhook test ${id}` })
  if (secret === null) return `${say({ en: `${id} is registered.`, zh: `已注册 ${id}。` })} ${hint}\n`
  const head = say({
    en: `${id} signs with this secret, which is shown only once. ${hint}`,
    zh: `${id} 使用以下密钥签名，该密钥只显示一次。${hint}`,
  })
  return `${head}\n${secret}\n`
}

interface Given {
  readonly file?: string | undefined
  readonly event?: readonly string[] | undefined
  readonly format?: WebhookFormat | undefined
  readonly token?: string | undefined
  readonly signingSecret?: string | undefined
  readonly tag?: Readonly<Record<string, string>> | undefined
  readonly always?: true | undefined
}

const optionOf = {
  events: '--event',
  format: '--format',
  token: '--token',
  signingSecret: '--signing-secret',
  only: '--always',
}

const described = async (
  url: string | undefined,
  { file, event, tag, always, ...rest }: Given,
  readInput: ReadInput,
): Promise<Fields> => {
  if ((url === undefined) === (file === undefined))
    throw new CommandFailed(
      { en: 'Give the address of the webhook, or --file.', zh: '请给出 Webhook 的地址，或使用 --file。' },
      'USAGE',
    )
  if (file !== undefined) return readFields(file, { en: 'a webhook', zh: 'Webhook' }, readInput)
  return {
    url,
    ...rest,
    ...(event && { events: event }),
    ...(tag && { filter: { tags: tag } }),
    ...(always && { only: 'always' }),
  }
}

const choices = (options: readonly string[]): string => options.join(', ')

const add: AddCommand = (program, actionOf, say) =>
  program
    .command('add')
    .description(say({ en: 'register a webhook', zh: '注册 Webhook' }))
    .argument(
      '[url]',
      say({
        en: 'where events are sent to; {token} stands for the secret part of the address of a robot',
        zh: '事件发送地址；机器人地址中的保密部分写作 {token}',
      }),
    )
    .option('-f, --file <path>', say(describedFile))
    .option(
      '--event <event>',
      say({
        en: `may be repeated: ${choices(EventType.options)}`,
        zh: `事件，可重复：${choices(EventType.options)}`,
      }),
      parseName,
    )
    .addOption(
      new Option('--format <format>', say({ en: 'what is sent', zh: '消息格式' })).choices(
        WebhookFormat.options,
      ),
    )
    .option(
      '--token <reference>',
      say({ en: 'where the secret part of the address is', zh: '地址保密部分的存放位置' }),
    )
    .option(
      '--signing-secret <reference>',
      say({
        en: 'where the secret of a robot of DingTalk or Feishu is',
        zh: '钉钉或飞书机器人签名密钥的存放位置',
      }),
    )
    .option(
      '--tag <key:value>',
      say({ en: 'only of instances with this tag; may be repeated', zh: '只针对带有该标签的实例；可重复' }),
      parseTag,
    )
    .option('--always', say({ en: 'every time, not of changes only', zh: '每次都发送，而不仅在有变化时' }))
    .action(
      actionOf(async (context, url, given) => {
        const body = await described(url, given, context.readInput)
        const request = { method: 'POST', path: '/v1/webhooks', body, optionOf } as const
        return asking({ request: () => request, answer: CreatedView, text: secretText })(context)
      }),
    )

const show: AddCommand = (program, actionOf, say) =>
  program
    .command('show')
    .description(say({ en: 'print what a webhook is told, and how', zh: '显示 Webhook 的定义' }))
    .argument('<webhook-id>', say(describedWebhook))
    .action(
      actionOf(
        asking({
          request: (id: string) => ({ method: 'GET', path: webhookPath(id) }),
          answer: Webhook,
          text: ({ definition }) => stringify(definition),
        }),
      ),
    )

const changedLine = ({ id, revision }: Webhook, { say }: Look): string =>
  say({ en: `${id} is changed (revision ${revision}).\n`, zh: `已修改 ${id}（版本 ${revision}）。\n` })

const change: AddCommand = (program, actionOf, say) =>
  program
    .command('change')
    .description(
      say({
        en: 'change some fields; a webhook that was stopped is resumed',
        zh: '修改部分字段；已停止的 Webhook 会恢复',
      }),
    )
    .argument('<webhook-id>', say(describedWebhook))
    .requiredOption('-f, --file <path>', say(describedFile))
    .action(
      actionOf(async (context, id, { file }) => {
        const what = { en: 'fields of a webhook', zh: ' Webhook 的字段' }
        const body = await readFields(file, what, context.readInput)
        const request = { method: 'PATCH', path: webhookPath(id), body } as const
        return asking({ request: () => request, answer: Webhook, text: changedLine })(context)
      }),
    )

const rotate: AddCommand = (program, actionOf, say) =>
  program
    .command('rotate')
    .description(
      say({
        en: 'give it a new secret; the old one also signs for a while',
        zh: '更换签名密钥；旧密钥在一段时间内同时签名',
      }),
    )
    .argument('<webhook-id>', say(describedWebhook))
    .option(
      '--overlap-hours <hours>',
      say({ en: 'for how long the old one signs too', zh: '旧密钥继续签名的小时数' }),
      parseCount,
      24,
    )
    .action(
      actionOf(
        asking({
          request: (id: string, body: { overlapHours: number }) => ({
            method: 'POST',
            path: `${webhookPath(id)}/secret`,
            body,
            optionOf: { overlapHours: '--overlap-hours' },
          }),
          answer: RotatedView,
          text: secretText,
        }),
      ),
    )

const rm: AddCommand = (program, actionOf, say) =>
  program
    .command('rm')
    .description(
      say({ en: 'remove a webhook; nothing more is sent to it', zh: '移除 Webhook，不再向其发送' }),
    )
    .argument('<webhook-id>', say(describedWebhook))
    .action(actionOf(removing(webhookPath)))

export const webhook = grouped(
  'webhook',
  { en: 'have events sent to other systems', zh: '将事件发送给其他系统' },
  [list, add, show, change, testWebhook, rotate, rm, deliveries, redeliver],
)
