import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type Script, answering, precheckWith } from './scripted-service.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'precheck-init-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const grant = 'GRANT VIEW SERVER STATE TO [precheck];\n'
const validation = {
  instanceId: 'my-db',
  validationId: 'val_0123456789abcdef',
  requestedAt: '2026-11-21T02:00:00.000Z',
  deadlineAt: '2026-11-21T02:01:00.000Z',
  state: 'completed',
  status: 'registered',
  validatedAt: null,
  problem: null,
  missingPrivileges: [{ privilege: 'VIEW SERVER STATE', grants: [grant.trim()] }],
  grantScript: grant,
}

/** Registers what it is sent, and misses a right. */
const service: Script = (call, response) => {
  if (call.startsWith('POST')) return answering(200, validation)(call, response)
  const instance = {
    id: 'my-db',
    definition: {
      engine: 'sqlserver',
      region: 'cn-hangzhou',
      connection: {
        host: 'db1',
        credential: { username: 'precheck', password: 'env:PRECHECK_SECRET_MY_DB' },
      },
    },
    status: 'registered',
    revision: 1,
    registeredAt: '2026-11-21T02:00:00.000Z',
    updatedAt: '2026-11-21T02:00:00.000Z',
    validatedAt: null,
  }
  return answering(201, instance)(call, response)
}

const definition = {
  engine: 'sqlserver',
  region: 'cn-shanghai',
  profile: 'native',
  connection: {
    host: 'db1',
    port: 1433,
    credential: { username: 'li', password: 'env:PRECHECK_SECRET_MY_DB' },
    tls: { mode: 'strict' },
  },
}

describe('precheck init', () => {
  it('asks its questions, each until the answer is one, and prints the GRANT script', async () => {
    const file = join(folder, 'instance.yaml')
    const typed = [
      'db2',
      '',
      'db1:1433:7',
      'db1:1433',
      'Shanghai',
      'cn-shanghai',
      'li',
      'in clear',
      '',
      'on',
      'strict',
      'native',
    ]
    const questions: string[] = []
    const ask = async (question: string): Promise<string> => {
      questions.push(question)
      return typed.shift() ?? 'no more questions'
    }
    const ended = await precheckWith(service, ['init', '-f', file], undefined, { ask })
    expect(ended.errors).toBe('')
    expect(typed).toEqual([])
    expect(new Set(questions).size).toBe(7)
    expect(questions.join('')).toContain('TLS (required, strict, off) [required]')
    expect(ended.output).toMatch(
      /Give one of: oracle, sqlserver, mysql\.\n"db1:1433:7" is not an address of sqlserver/,
    )
    expect(ended.output).toContain(`\n${grant}`)
    const text = readFileSync(file, 'utf8')
    expect(text.split('\n')[0]).toBe(`# yaml-language-server: $schema=${ended.url}/schemas/instance.json`)
    expect(parse(text)).toEqual({ id: 'my-db', ...definition })
    expect(ended.received.map(({ call, body }) => [call, body])).toEqual([
      ['PUT /v1/instances/my-db', definition],
      ['POST /v1/instances/my-db/validate', undefined],
    ])
    expect(ended.code).toBe(2)
  })

  const given = (...more: string[]): string[] => ['init', 'erp', '-f', join(folder, 'erp.yaml'), ...more]

  it.each([
    [
      ['--engine', 'oracle', '--address', '[fd00::8]:1521/orclpdb'],
      { host: 'fd00::8', port: 1521, serviceName: 'orclpdb' },
    ],
    [['--address', String.raw`db1\ERP`], { host: 'db1', instanceName: 'ERP' }],
    [['--engine', 'mysql', '--address', 'db1', '--tls', 'off'], { host: 'db1', tls: { mode: 'off' } }],
  ])('takes %j without a question', async (options, connection) => {
    await precheckWith(service, given(...options))
    const credential = { username: 'precheck', password: 'env:PRECHECK_SECRET_ERP' }
    expect(parse(readFileSync(join(folder, 'erp.yaml'), 'utf8'))).toMatchObject({
      id: 'erp',
      connection: { ...connection, credential },
    })
  })

  it.each([
    [
      [],
      /no terminal to ask on: give --address \(Address, such as .*\)\. .*--engine, --address, .*--backups\.\n$/,
    ],
    [['--address', 'db1', '--tls', 'on'], /^--tls: Give one of: required, strict, off/],
    [['--address', 'db1/x'], /^--address: "db1\/x" is not an address/],
    [
      ['--engine', 'oracle', '--address', 'db1:1521'],
      /is not an address of oracle\. Give one like 10\.0\.0\.8:1521\/orclpdb/,
    ],
    [['--engine', 'db2', '--address', 'db1'], /^--engine: Give one of/],
    [
      ['--address', 'db1', '--password', 'hunter2'],
      /^--password: Give env:PRECHECK_SECRET_NAME.*stored nowhere\.\n$/,
    ],
  ])('explains %j, and writes nothing', async (options, text) => {
    const { code, errors, received } = await precheckWith(service, given(...options))
    expect(errors).toMatch(text)
    expect([code, received, existsSync(join(folder, 'erp.yaml'))]).toEqual([3, [], false])
  })

  it('overwrites nothing, and says what to do once the service can be asked', async () => {
    const options = given('--address', 'db1')
    const failed = await precheckWith(answering(503, {}), options)
    expect(failed.errors).toMatch(
      /\n.*erp\.yaml is written\. Once that is mended: precheck run --file .*erp\.yaml\n$/,
    )
    const again = await precheckWith(service, options)
    expect(again.errors).toMatch(/erp\.yaml cannot be written: it is there already\.\n$/)
    expect(again.received).toEqual([])
  })
})
