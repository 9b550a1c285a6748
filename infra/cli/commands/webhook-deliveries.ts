import { Option } from '@commander-js/extra-typings'
import * as z from 'zod'
import { Redelivery } from '../../../functions/api/resources/webhook-deliveries.ts'
import { WebhookDelivery } from '../../../shared/webhooks/model/delivery.ts'
import { listed } from '../reports/cells.ts'
import { moment } from '../service/moment.ts'
import type { Say } from '../reports/terminal.ts'
import { statusWords } from '../reports/words.ts'
import { webhookPath, withQuery } from '../service/paths.ts'
import { asking } from './asking.ts'
import type { AddCommand } from './command.ts'
import { describedWebhook } from './described.ts'
import { parseCount } from './option-values.ts'

/** What became of a delivery, with its last attempt. */
const deliveryRow = ({ eventId, state, beganAt, attempts, source }: WebhookDelivery, say: Say): string[] => {
  const last = attempts.at(-1)
  const why = last?.failure ? `${last.failure.code}: ${last.failure.detail}` : String(last?.status ?? '')
  const what = source.kind === 'precheck' ? source.type : source.kind
  const tries = {
    en: `${attempts.length} ${attempts.length === 1 ? 'attempt' : 'attempts'}`,
    zh: `尝试 ${attempts.length} 次`,
  }
  return [moment(beganAt), say(statusWords[state]), what, eventId, say(tries), why]
}

export const testWebhook: AddCommand = (program, actionOf, say) =>
  program
    .command('test')
    .description(
      say({ en: 'send a sample event, even where it is disabled', zh: '发送示例事件（停用时也会发送）' }),
    )
    .argument('<webhook-id>', say(describedWebhook))
    .action(
      actionOf(
        asking({
          request: (id: string) => ({ method: 'POST', path: `${webhookPath(id)}/test` }),
          answer: WebhookDelivery,
          text: ({ webhookId, eventId }, { say: tell }) =>
            tell({
              en: `${eventId} is on its way. What becomes of it: precheck webhook deliveries ${webhookId}\n`,
              zh: `${eventId} 正在发送。查看结果：precheck webhook deliveries ${webhookId}\n`,
            }),
        }),
      ),
    )

const Deliveries = z.object({ items: z.array(WebhookDelivery), next: z.string().nullable() })

export const deliveries: AddCommand = (program, actionOf, say) =>
  program
    .command('deliveries')
    .description(
      say({
        en: 'list what was sent and what became of it, newest first',
        zh: '列出发送记录及结果，最新的在前',
      }),
    )
    .argument('<webhook-id>', say(describedWebhook))
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
            path: withQuery(`${webhookPath(id)}/deliveries`, { state, limit }),
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

export const redeliver: AddCommand = (program, actionOf, say) =>
  program
    .command('redeliver')
    .description(say({ en: 'send what was given up again', zh: '重新发送已放弃的事件' }))
    .argument('<webhook-id>', say(describedWebhook))
    .action(
      actionOf(
        asking({
          request: (id: string) => ({ method: 'POST', path: `${webhookPath(id)}/redeliver` }),
          answer: Redelivery,
          text: ({ redelivered, more }, { say: tell }) =>
            tell({
              en: `${redelivered} are on their way${more ? '; there are more: run it again' : ''}.\n`,
              zh: `正在重新发送 ${redelivered} 条${more ? '；还有更多，请再次执行' : ''}。\n`,
            }),
        }),
      ),
    )
