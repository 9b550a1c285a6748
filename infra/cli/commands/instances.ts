import * as z from 'zod'
import { Instance } from '../../../shared/model/instance.ts'
import { type Access, send } from '../service/client.ts'
import type { AddCommand } from './command.ts'
import { exitCodes, print } from '../reports/terminal.ts'

const InstancePage = z.object({ items: z.array(Instance), next: z.string().nullable() })

const readAll = async (access: Access): Promise<Instance[]> => {
  const found: Instance[] = []
  for (let after: string | null = ''; after !== null;) {
    const path: string = `/v1/instances?limit=200${after === '' ? '' : `&after=${encodeURIComponent(after)}`}`
    const page: z.infer<typeof InstancePage> = await send(access, { method: 'GET', path }, InstancePage)
    found.push(...page.items)
    after = page.next
  }
  return found
}

const instanceLine = ({ id, definition, status }: Instance): string => {
  const { host, port } = definition.connection
  const address = port === undefined ? host : `${host}:${port}`
  const { engine, region } = definition
  return `${id.padEnd(32)} ${engine.padEnd(10)} ${region.padEnd(16)} ${status.padEnd(11)} ${address}\n`
}

export const instances: AddCommand = (program, actionOf) =>
  program
    .command('instances')
    .description('list the registered instances')
    .action(
      actionOf(async ({ access, terminal }) => {
        const found = await readAll(access())
        print(terminal, found, () => found.map(instanceLine).join('') || 'No instances are registered yet.\n')
        return exitCodes.passed
      }),
    )
