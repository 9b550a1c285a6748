import { Argument } from '@commander-js/extra-typings'
import { exitCodes } from '../reports/terminal.ts'
import { exchange, parseJson } from '../service/client.ts'
import { CommandFailed, harmless } from '../service/command-failed.ts'
import { readFields } from '../service/definition-file.ts'
import { answerFailure } from '../service/request-failures.ts'
import type { AddCommand } from './command.ts'
import { describedFile } from './described.ts'

const methods = ['GET', 'PUT', 'PATCH', 'POST', 'DELETE'] as const

export const api: AddCommand = (program, actionOf, say) =>
  program
    .command('api')
    .description(
      say({
        en: 'send any request of the API, and print the answer as it comes',
        zh: '发送任意 API 请求，并原样输出响应',
      }),
    )
    .addArgument(new Argument('<method>', say({ en: 'of the request', zh: '请求方法' })).choices(methods))
    .argument(
      '<path>',
      say({ en: 'from /v1 on; /openapi.json lists all', zh: '以 / 开头的路径；全部路径见 /openapi.json' }),
    )
    .option('-f, --file <path>', say({ en: `body: ${describedFile.en}`, zh: `请求体：${describedFile.zh}` }))
    .action(
      actionOf(async ({ access, terminal, readInput }, method, path, { file }) => {
        if (!path.startsWith('/'))
          throw new CommandFailed(
            { en: 'The path begins with a slash: /v1/plan, say.', zh: '路径须以 / 开头，例如 /v1/plan。' },
            'USAGE',
          )
        const body =
          file === undefined ? undefined : await readFields(file, { en: 'a body', zh: '请求体' }, readInput)
        const service = access()
        const { response, text } = await exchange(service, { method, path, body, accept: '*/*' })
        const json = parseJson(text)
        if (!response.ok) throw answerFailure(service.url, response.status, json)
        if (text !== '')
          terminal.write(`${json === undefined ? harmless(text) : JSON.stringify(json, null, 2)}\n`)
        return exitCodes.passed
      }),
    )
