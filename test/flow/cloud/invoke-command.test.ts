import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { invokeCommand } from '../../../infra/deploy/invoke/command.ts'
import { type FcInvoke, startFcInvoke } from '../../emulators/fc-invoke/server.ts'
import { runProgram } from '../../support/processes.ts'

const operator = { name: 'operator', accessKeyId: 'LTAItest', accessKeySecret: 'secret-of-the-operator' }

let platform: FcInvoke
let folder: string
let environment: Record<string, string>

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'precheck-invoke-'))
  writeFileSync(join(folder, 'event.json'), '{"from":"file"}')
  platform = await startFcInvoke({
    accountId: '123',
    region: 'cn-hangzhou',
    principals: [operator],
    functions: {
      echo: ({ event }) => ({ body: event }),
      health: () => ({ body: '{"status":"ok"}', contentType: 'application/json' }),
      fails: () => ({ errorType: 'UnhandledInvocationError', errorMessage: 'out of memory' }),
      'precheck/echo': ({ event }) => ({ body: event }),
    },
    intercept: ({ url }) => (url.pathname.includes('stalls') ? 'stall' : undefined),
  })
  environment = {
    ALIBABA_CLOUD_ACCESS_KEY_ID: operator.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: operator.accessKeySecret,
    ALIBABA_CLOUD_ACCOUNT_ID: '123',
    ALIBABA_CLOUD_REGION_ID: 'cn-hangzhou',
    FC_ENDPOINT: platform.url,
  }
})
afterAll(async () => {
  await platform.close()
  rmSync(folder, { recursive: true })
})

const invoke = async (args: readonly string[], variables: Record<string, string | undefined> = {}) => {
  let out = ''
  const notes: string[] = []
  const code = await invokeCommand(
    args,
    { ...environment, ...variables },
    {
      out: (content) => (out += typeof content === 'string' ? content : Buffer.from(content).toString()),
      note: (line) => void notes.push(line),
    },
  )
  return { code, out, notes: notes.join('\n') }
}

describe('npm run invoke', () => {
  it('prints what the function answers, and nothing else', async () => {
    expect(await invoke(['health'])).toMatchObject({ code: 0, out: '{\n  "status": "ok"\n}\n' })
    expect(await invoke(['echo'])).toMatchObject({ code: 0, out: '{}' })
  })

  it('sends a file', async () => {
    expect(await invoke(['echo', '--event', join(folder, 'event.json')])).toMatchObject({
      code: 0,
      out: '{"from":"file"}',
    })
  })

  it('reaches functions of 2.0 by their service', async () => {
    expect(await invoke(['echo', '--mode', 'fc2', '--service', 'precheck'])).toMatchObject({
      code: 0,
      out: '{}',
    })
    expect(platform.calls.at(-1)).toMatchObject({ service: 'precheck' })
  })

  it('hands an event over, once for every task id', async () => {
    const once = ['echo', '--async', '--task-id', 'release-1']
    expect(await invoke(once)).toMatchObject({
      code: 0,
      out: '',
      notes: expect.stringContaining('task release-1'),
    })
    expect(await invoke(once)).toMatchObject({ code: 2, notes: expect.stringContaining('DUPLICATE') })
    expect(await invoke(['echo', '--async'])).toMatchObject({ code: 0 })
    expect(await invoke(['echo', '--async'])).toMatchObject({ code: 0 })
  })

  it('tells a function that failed from one that was not invoked', async () => {
    expect(await invoke(['fails'])).toMatchObject({
      code: 1,
      notes: expect.stringContaining('out of memory'),
    })
    expect(await invoke(['nobody'])).toMatchObject({
      code: 2,
      notes: expect.stringMatching(/FUNCTION_NOT_FOUND[\s\S]*Check name, region and account/),
    })
    expect(await invoke(['echo'], { ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'other' })).toMatchObject({
      code: 2,
      notes: expect.stringContaining('ACCESS_DENIED'),
    })
  })

  it.each([
    ['no function', [], 'Give the name of one function'],
    ['two functions', ['a', 'b'], 'Give the name of one function'],
    ['an unknown option', ['echo', '--fast'], '--fast'],
    ['an unknown mode', ['echo', '--mode', 'fc4'], '--mode must be'],
    ['2.0 without a service', ['echo', '--mode', 'fc2'], '--mode must be'],
    ['a task id without --async', ['echo', '--task-id', 'a'], '--task-id needs --async'],
    ['no time', ['echo', '--timeout', '0'], '--timeout must be'],
    ['a file that is not there', ['echo', '--event', '/no/such/file'], 'ENOENT'],
  ])('says what is wrong with %s', async (_, args, text) => {
    expect(await invoke(args)).toMatchObject({ code: 3, notes: expect.stringContaining(text) })
  })

  it('names every variable that is missing, and no value', async () => {
    const { code, notes } = await invoke(['echo'], {
      ALIBABA_CLOUD_ACCOUNT_ID: undefined,
      ALIBABA_CLOUD_REGION_ID: 'Hangzhou',
    })
    expect(code).toBe(3)
    expect(notes).toContain('ALIBABA_CLOUD_ACCOUNT_ID, ALIBABA_CLOUD_REGION_ID')
    expect(notes).not.toContain(operator.accessKeySecret)
  })

  it('ends as a program, even when the platform stops in the middle of its answer', async () => {
    const answered = await runProgram('infra/deploy/invoke/main.ts', ['health'], environment)
    expect(answered).toMatchObject({ code: 0, output: expect.stringContaining('"status": "ok"') })
    const stalled = await runProgram(
      'infra/deploy/invoke/main.ts',
      ['stalls', '--timeout', '0.3'],
      environment,
    )
    expect(stalled).toMatchObject({ code: 2, output: expect.stringContaining('TIMED_OUT') })
  })
})
