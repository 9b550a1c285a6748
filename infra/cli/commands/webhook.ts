import { Option } from '@commander-js/extra-typings'
import * as z from 'zod'
import { Redelivery } from '../../../functions/api/resources/webhook-deliveries.ts'
import { CreatedView, RotatedView } from '../../../functions/api/resources/webhooks.ts'
import { WebhookDelivery } from '../../../shared/webhooks/model/delivery.ts'
import { EventType, Webhook, WebhookFormat } from '../../../shared/webhooks/model/webhook.ts'
import { stringify } from 'yaml'
import { columns } from '../reports/cells.ts'
import { moment } from '../reports/layout.ts'
import type { Look, Say } from '../reports/terminal.ts'
import { statusWords } from '../reports/words.ts'
import { CommandFailed } from '../service/command-failed.ts'
import { type Fields, readFields } from '../service/definition-file.ts'
import { withQuery } from '../service/paths.ts'
import { asking, removing } from './asking.ts'
import { type AddCommand, type ReadInput, grouped } from './command.ts'
import { describedFile } from './described.ts'
import { parseCount, parseName, parseTag } from './option-values.ts'

const pathOf = (webhookId: string): string => `/v1/webhooks/${encodeURIComponent(webhookId)}`

const webhookIdText = {
  en: 'id of a webhook (wh_…), from "precheck webhook list"',
  zh: 'Webhook 的 ID（wh_…），见 precheck webhook list',
}

const List = z.object({ items: z.array(Webhook) })

const rowOf = ({ id, definition, stopped }: Webhook, say: Say): string[] => {
  const { format, enabled, url, events } = definition
  const off = stopped ? { en: 'stopped', zh: '已停止' } : { en: 'disabled', zh: '已停用' }
  const state = enabled && !stopped ? { en: 'enabled', zh: '已启用' } : off
  return [id, say(state), format, events.join(','), url]
}

const listed = (rows: readonly (readonly string[])[], none: string): string =>
  columns(rows)
    .map((line) => `${line}\n`)
    .join('') || none

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
    .argument('<webhook-id>', say(webhookIdText))
    .action(
      actionOf(
        asking({
          request: (id: string) => ({ method: 'GET', path: pathOf(id) }),
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
    .argument('<webhook-id>', say(webhookIdText))
    .requiredOption('-f, --file <path>', say(describedFile))
    .action(
      actionOf(async (context, id, { file }) => {
        const what = { en: 'fields of a webhook', zh: ' Webhook 的字段' }
        const body = await readFields(file, what, context.readInput)
        const request = { method: 'PATCH', path: pathOf(id), body } as const
        return asking({ request: () => request, answer: Webhook, text: changedLine })(context)
      }),
    )

/** What became of a delivery, with its last attempt. */
const deliveryRow = ({ eventId, state, beganAt, attempts, source }: WebhookDelivery, say: Say): string[] => {
  const last = attempts.at(-1)
  const why = last?.failure ? `${last.failure.code}: ${last.failure.detail}` : String(last?.status ?? '')
  const what = source.kind === 'precheck' ? source.type : source.kind
  const tries = { en: `${attempts.length} attempts`, zh: `尝试 ${attempts.length} 次` }
  return [moment(beganAt), say(statusWords[state]), what, eventId, say(tries), why]
}

const test: AddCommand = (program, actionOf, say) =>
  program
    .command('test')
    .description(
      say({ en: 'send a sample event, even where it is disabled', zh: '发送示例事件（停用时也会发送）' }),
    )
    .argument('<webhook-id>', say(webhookIdText))
    .action(
      actionOf(
        asking({
          request: (id: string) => ({ method: 'POST', path: `${pathOf(id)}/test` }),
          answer: WebhookDelivery,
          text: ({ webhookId, eventId }, { say: tell }) =>
            tell({
              en: `${eventId} is on its way. What becomes of it: precheck webhook deliveries ${webhookId}\n`,
              zh: `${eventId} 正在发送。查看结果：precheck webhook deliveries ${webhookId}\n`,
            }),
        }),
      ),
    )

const parseHours = (text: string): number => Number(text)

const rotate: AddCommand = (program, actionOf, say) =>
  program
    .command('rotate')
    .description(
      say({
        en: 'give it a new secret; the old one also signs for a while',
        zh: '更换签名密钥；旧密钥在一段时间内同时签名',
      }),
    )
    .argument('<webhook-id>', say(webhookIdText))
    .option(
      '--overlap-hours <hours>',
      say({ en: 'for how long the old one signs too', zh: '旧密钥继续签名的小时数' }),
      parseHours,
      24,
    )
    .action(
      actionOf(
        asking({
          request: (id: string, body: { overlapHours: number }) => ({
            method: 'POST',
            path: `${pathOf(id)}/secret`,
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
    .argument('<webhook-id>', say(webhookIdText))
    .action(actionOf(removing(pathOf)))

const Deliveries = z.object({ items: z.array(WebhookDelivery), next: z.string().nullable() })

const deliveries: AddCommand = (program, actionOf, say) =>
  program
    .command('deliveries')
    .description(
      say({
        en: 'list what was sent and what became of it, newest first',
        zh: '列出发送记录及结果，最新的在前',
      }),
    )
    .argument('<webhook-id>', say(webhookIdText))
    .addOption(
      new Option('--state <state>', say({ en: 'only these', zh: '只列出该状态' })).choices(
        WebhookDelivery.shape.state.options,
      ),
    )
    .option('--limit <count>', say({ en: 'how many at most', zh: '最多列出多少条' }), parseCount, 20)
    .action(
      actionOf(
        asking({
          request: (id: string, { state, limit }: { state?: string; limit: number }) => ({
            method: 'GET',
            path: withQuery(`${pathOf(id)}/deliveries`, { state, limit }),
          }),
          answer: Deliveries,
          text: ({ items }, { say: tell }) =>
            listed(
              items.map((item) => deliveryRow(item, tell)),
              tell({ en: 'Nothing was sent yet.\n', zh: '还没有发送记录。\n' }),
            ),
        }),
      ),
    )

const redeliver: AddCommand = (program, actionOf, say) =>
  program
    .command('redeliver')
    .description(say({ en: 'send what was given up again', zh: '重新发送已放弃的事件' }))
    .argument('<webhook-id>', say(webhookIdText))
    .action(
      actionOf(
        asking({
          request: (id: string) => ({ method: 'POST', path: `${pathOf(id)}/redeliver` }),
          answer: Redelivery,
          text: ({ redelivered, more }, { say: tell }) =>
            tell({
              en: `${redelivered} are on their way${more ? '; there are more: run it again' : ''}.\n`,
              zh: `正在重新发送 ${redelivered} 条${more ? '；还有更多，请再次执行' : ''}。\n`,
            }),
        }),
      ),
    )

export const webhook = grouped(
  'webhook',
  { en: 'have events sent to other systems', zh: '将事件发送给其他系统' },
  [list, add, show, change, test, rotate, rm, deliveries, redeliver],
)
