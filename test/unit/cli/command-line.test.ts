import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { precheckAt } from '../../support/command-line.ts'

/** Nothing listens here, and `fetch` asks no such port: whoever gets so far has understood the command line. */
const nowhere = 'http://127.0.0.1:1'
const precheck = (...args: string[]) => precheckAt(nowhere, args)

/** The commands that the help lists; what each does is tested beside it. */
const names = [...(await precheck('--help')).output.matchAll(/^ {2}([a-z]+) {2,}/gm)]
  .map(([, name = '']) => name)
  .filter((name) => name !== 'help')

describe('help', () => {
  it('lists every command, the environment and the exit codes, and exits with 0', async () => {
    const { code, output, errors } = await precheck('--help')
    expect(names.slice(0, 2)).toEqual(['run', 'last'])
    expect(output).toMatch(/PRECHECK_URL.*\n.*PRECHECK_TOKEN/)
    expect(output).toContain('0 passed, 1 warning, 2 failed, 3 inconclusive or could not run')
    expect([code, errors]).toEqual([0, ''])
  })

  it.each(names)('of %s shows its usage and the options of every command, both ways to ask', async (name) => {
    const asked = await precheck(name, '--help')
    expect(asked.output).toMatch(new RegExp(`^Usage: precheck ${name} `))
    expect(asked.output).toMatch(/--output <format>[^]*--timeout <seconds>/)
    expect(await precheck('help', name)).toEqual(asked)
    expect([asked.code, asked.errors]).toEqual([0, ''])
  })

  it('fits into 80 columns', async () => {
    const texts = await Promise.all(['--help', ...names].map((name) => precheck(name, '--help')))
    const lines = texts.flatMap(({ output }) => output.split('\n')).filter((line) => line.length > 80)
    expect(lines).toEqual([])
  })

  it('stands in for a command that is not given, and exits with 3', async () => {
    const { code, output, errors } = await precheck()
    expect(errors).toMatch(/^Usage: precheck /)
    expect([code, output]).toEqual([3, ''])
  })
})

describe('--version', () => {
  it('prints the version of the package', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
    expect(await precheck('--version')).toEqual({ code: 0, output: `${version}\n`, errors: '' })
  })
})

describe('a mistake', () => {
  it.each([
    [['dance'], /^Unknown command 'dance'\n/],
    [['instancs'], /^Unknown command 'instancs'\n\(Did you mean instances\?\)\n/],
    [['sweep', '--regoin', 'x'], /^Unknown option '--regoin'\n\(Did you mean --region\?\)\n/],
    [['last', 'db1', '--ouput', 'json'], /\(Did you mean --output\?\)/],
    [['last'], /^Missing required argument 'instance-id'\n/],
    [['watch'], /^Missing required argument 'precheck-id'\n/],
    [['last', 'my', 'db'], /^Too many arguments for 'last'\. Expected 1 argument but got 2/],
    [['run', 'my', 'db'], /^Too many arguments for 'run'/],
    [['sweep', 'orders'], /^Too many arguments for 'sweep'/],
    [['run'], /^Give an instance id, or --file/],
    [['run', 'my-db', '--file', 'i1.yaml'], /^Give an instance id or --file, not both/],
    [['run', '--file'], /'-f, --file <path>' argument missing/],
    [['acknowledge', 'own'], /^Required option '--reason <text>' not specified/],
    [['acknowledge', 'own', '--reason', 'x', '--until', '2027-01-31'], /argument 'check-item'/],
    [['acknowledge', 'own', 'ARCHIVELOG', '--reason', 'x'], /^Required option '--until <time>'/],
    [
      ['acknowledge', 'own', 'ARCHIVELOG', '--reason', 'x', '--until', 'soon'],
      /'soon' is invalid\. Give a day/,
    ],
    [['acknowledge', 'own', 'ARCHIVELOG', '--reason', 'x', '--until', '2027-02-30'], /Give a day/],
    [
      ['acknowledge', 'own', 'ARCHIVELOG', '--reason', 'x', '--until', '2027-01-31T08:00:00'],
      /with its zone/,
    ],
    [['sweep', '--tag', 'team'], /'team' is invalid\. Give key:value/],
    [['sweep', '--tag', ':a'], /':a' is invalid\. Give key:value/],
    [['sweep', '--tag', 'team:a', '--tag', 'team:b'], /The key team is given twice/],
    [['instances', '--output', 'xml'], /'xml' is invalid\. Allowed choices are text, json/],
    [['instances', '--timeout', '0'], /Give a number of seconds greater than 0 and at most 600/],
    [['instances', '--timeout', '601'], /Give a number of seconds/],
    [['instances', '--timeout', '1e1'], /Give a number of seconds/],
    [['instances', '--timeout', '-1'], /Give a number of seconds/],
  ])('%j is explained, and exits with 3', async (args, text) => {
    const { code, output, errors } = await precheck(...args)
    expect(errors).toMatch(text)
    expect([code, output]).toEqual([3, ''])
    expect(errors).not.toContain('No service answers')
  })

  it('names the way to the help', async () => {
    expect((await precheck('last')).errors).toMatch(/\nRun it with --help for usage\.\n$/)
  })
})

describe('whatever is typed', () => {
  /** Those that write no files: this runs where the project is. */
  const typed = names.filter((name) => !['backup', 'restore', 'init'].includes(name))
  const word = fc.oneof(
    fc.constantFrom(...typed, 'help', '--', '-', '--file', '--tag', 'team:a', '--until', '2027-01-31'),
    fc.constantFrom('--output', '--output=json', '-ojson', '-h', '-V', '--timeout', '5', '--no-output', '-1'),
    fc.string(),
  )

  it('ends with a known exit code, and never with a stack', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 6 }), async (args) => {
        const { code, output, errors } = await precheck(...args)
        // Only the doctor has something to say of a service that does not answer.
        expect(args.includes('doctor') ? [0, 2, 3] : [0, 3]).toContain(code)
        expect(code === 3 ? errors : output).not.toBe('')
        expect(errors).not.toMatch(/error of its own|^ +at /m)
      }),
    )
  })
})

describe('a mistake in Chinese', () => {
  it.each([
    [['instancs'], /^没有命令“instancs”\n（是否想输入 instances？）\n加上 --help 可查看用法。\n$/],
    [['sweep', '--regoin', 'x'], /^没有选项“--regoin”\n（是否想输入 --region？）\n/],
    [['last'], /^缺少参数“instance-id”\n/],
    [['last', 'my', 'db'], /^命令“last”最多接受 1 个参数，实际给出 2 个\n/],
    [['acknowledge', 'own'], /^必须指定选项“--reason <text>”\n/],
    [['run', '--file'], /^选项“-f, --file <path>”缺少取值\n/],
    [['instances', '--output', 'xml'], /^选项“-o, --output <format>”的取值“xml”无效，可选值：text, json/],
    [['sweep', '--tag', 'team'], /无效。请给出“键:值”。\n/],
    [['sweep', '--tag', 'a:1', '--tag', 'a:2'], /无效。键 a 重复/],
    [['instances', '--timeout', '0'], /无效。请给出大于 0 且不超过 600 的秒数。\n/],
    [['history', 'db1', '--limit', '0'], /无效。请给出 1 到 200 之间的整数。\n/],
    [['gate', 'db1', '--operation', 'log', '--max-age', 'x'], /无效。请给出带单位的时长，最长 7d：/],
    [
      ['token', 'create', '--name', 'x', '--scope', 'run', '--days', '0'],
      /无效。请给出 1 到 3650 之间的天数/,
    ],
    [['completion', 'tcsh'], /^参数“shell”的取值“tcsh”无效，可选值：bash, zsh, fish。/],
    [['run'], /^请给出实例 ID，或用 --file/],
    [['last', 'db1', '--output', 'csv'], /^precheck last 只输出 text 或 json/],
  ])('%j is explained', async (args, text) => {
    const { code, errors } = await precheckAt(nowhere, [...args, '--lang', 'zh'])
    expect(errors).toMatch(text)
    expect(code).toBe(3)
  })
})
