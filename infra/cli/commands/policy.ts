import { stringify } from 'yaml'
import * as z from 'zod'
import { EffectiveView } from '../../../functions/api/resources/policies.ts'
import { Policy } from '../../../shared/model/policy.ts'
import { listed } from '../reports/cells.ts'
import type { Look, Say } from '../reports/terminal.ts'
import { readFields } from '../service/definition-file.ts'
import { instancePath, withQuery } from '../service/paths.ts'
import { asking, removing } from './asking.ts'
import { type AddCommand, grouped } from './command.ts'
import { describedFile, describedInstance } from './described.ts'

const pathOf = (name: string): string => `/v1/policies/${encodeURIComponent(name)}`

const nameText = { en: 'name of a policy', zh: '策略名称' }

const List = z.object({ items: z.array(Policy) })

const list: AddCommand = (program, actionOf, say) =>
  program
    .command('list')
    .description(say({ en: 'list the policies', zh: '列出策略' }))
    .action(
      actionOf(
        asking({
          request: () => ({ method: 'GET', path: '/v1/policies' }),
          answer: List,
          text: ({ items }, { say: tell }) =>
            listed(
              items.map(({ name, definition }) => [name, definition.description ?? '']),
              tell({ en: 'There are no policies: the defaults apply.\n', zh: '没有策略，使用默认值。\n' }),
            ),
        }),
      ),
    )

const writtenLine = ({ name, revision }: Policy, { say }: Look): string =>
  say({ en: `${name} is written (revision ${revision}).\n`, zh: `已写入 ${name}（版本 ${revision}）。\n` })

const set: AddCommand = (program, actionOf, say) =>
  program
    .command('set')
    .description(say({ en: 'write a policy, or replace it', zh: '写入或替换策略' }))
    .argument('<name>', say(nameText))
    .requiredOption('-f, --file <path>', say(describedFile))
    .action(
      actionOf(async (context, name, { file }) => {
        const body = await readFields(file, { en: 'a policy', zh: '策略' }, context.readInput)
        const request = { method: 'PUT', path: pathOf(name), body } as const
        return asking({ request: () => request, answer: Policy, text: writtenLine })(context)
      }),
    )

const show: AddCommand = (program, actionOf, say) =>
  program
    .command('show')
    .description(say({ en: 'print a policy as "set" takes it', zh: '显示策略，格式可用于 set' }))
    .argument('<name>', say(nameText))
    .action(
      actionOf(
        asking({
          request: (name: string) => ({ method: 'GET', path: pathOf(name) }),
          answer: Policy,
          text: ({ definition }) => stringify(definition),
        }),
      ),
    )

const rm: AddCommand = (program, actionOf, say) =>
  program
    .command('rm')
    .description(say({ en: 'remove a policy', zh: '移除策略' }))
    .argument('<name>', say(nameText))
    .action(actionOf(removing(pathOf)))

const effectiveText = ({ thresholds, gate }: z.infer<typeof EffectiveView>, say: Say): string => {
  const standard = say({ en: 'default', zh: '默认值' })
  const rows = Object.entries(thresholds).map(([name, { value, from }]) => [
    name,
    String(value),
    from ?? standard,
  ])
  const rules = Object.entries(gate).map(([name, value]) => [`gate.${name}`, value, ''])
  return listed([...rows, ...rules], '')
}

const effective: AddCommand = (program, actionOf, say) =>
  program
    .command('effective')
    .description(
      say({
        en: 'print what an instance is judged by, and which policy says so',
        zh: '显示实例的判定阈值及其来源策略',
      }),
    )
    .argument('<instance-id>', say(describedInstance))
    .option('--database <name>', say({ en: 'of this one', zh: '针对该数据库' }))
    .action(
      actionOf(
        asking({
          request: (id: string, { database }: { database?: string }) => ({
            method: 'GET',
            path: withQuery(`${instancePath(id)}/policy`, { database }),
          }),
          answer: EffectiveView,
          text: (view, { say: tell }) => effectiveText(view, tell),
        }),
      ),
    )

export const policy = grouped(
  'policy',
  { en: 'what check items and the gate judge by', zh: '检查项和备份闸门的判定标准' },
  [list, show, set, rm, effective],
)
