import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withoutKept } from '../../../../shared/adapters/secrets/kept-secret.ts'
import { functionSecrets, localSecrets } from '../../../../shared/adapters/secrets/local-secrets.ts'

const environment = {
  DB_PASSWORD: 'of the database',
  PRECHECK_SECRET_DB1: 'of another database',
  PRECHECK_TOKEN: 'token',
  PRECHECK_SECRET_: 'no name',
  ALIBABA_CLOUD_SECURITY_TOKEN: 'sts',
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'key',
  alibaba_cloud_access_key_id: 'key id',
  FC_ACCOUNT_ID: 'account',
  securityToken: 'as older runtimes call it',
}

let folder: string
let own: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'precheck-secrets-'))
  own = join(folder, 'data')
  mkdirSync(own)
  writeFileSync(join(own, 'admin-token'), 'bearer')
  writeFileSync(join(folder, 'db'), 'of the file\n')
  writeFileSync(join(folder, 'data-of-others'), 'beside')
  symlinkSync(join(own, 'admin-token'), join(folder, 'link'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('on one machine, a reference', () => {
  const resolve = (reference: string) => localSecrets(environment, own).resolve(reference)

  it.each([
    ['env:DB_PASSWORD', 'of the database'],
    ['env:PRECHECK_SECRET_DB1', 'of another database'],
  ])('%s gives the password', async (reference, value) => {
    expect(await resolve(reference)).toEqual({ value })
  })

  it('to a file gives what is in it, without the newline at its end', async () => {
    expect(await resolve(`file:${folder}/db`)).toEqual({ value: 'of the file' })
    expect(await resolve(`file:${folder}/data-of-others`)).toEqual({ value: 'beside' })
  })

  it.each([
    'ALIBABA_CLOUD_SECURITY_TOKEN',
    'ALIBABA_CLOUD_ACCESS_KEY_SECRET',
    'alibaba_cloud_access_key_id',
    'FC_ACCOUNT_ID',
    'PRECHECK_TOKEN',
    'PRECHECK_SECRET_',
  ])('env:%s is refused, set or not', async (name) => {
    const refused = { unavailable: expect.stringContaining('PRECHECK_SECRET_') }
    expect(await resolve(`env:${name}`)).toEqual(refused)
    expect(await localSecrets({}).resolve(`env:${name}`)).toEqual(refused)
  })

  it.each(['/proc/self/environ', '/tmp/../proc/self/environ'])(
    'to the environment by way of %s is refused',
    async (path) => {
      expect(await resolve(`file:${path}`)).toEqual({
        unavailable: expect.stringContaining('cannot be used as passwords'),
      })
    },
  )

  it('to files of the service itself is refused, by whatever way it leads there', async () => {
    for (const path of [`${own}/admin-token`, `${folder}/link`, `${folder}/x/../data/admin-token`])
      expect(await resolve(`file:${path}`)).toHaveProperty('unavailable')
    expect(await resolve(`file:${folder}/link`)).toEqual({
      unavailable: expect.stringContaining('of this service'),
    })
  })
})

describe('of the files of a machine, a reference', () => {
  const resolve = (path: string) => localSecrets({}, own).resolve(`file:${path}`)

  it.each(['/dev/zero', '/dev/null', '/tmp'])('reads no device and no folder: %s', async (path) => {
    expect(await resolve(path)).toEqual({ unavailable: 'this is not a regular file of at most 4096 bytes' })
  })

  it('gives no settings, no keys, no accounts: a password is one short line', async () => {
    writeFileSync(join(folder, 'accounts'), 'root:x:0:0\nprecheck:x:1:1\n')
    writeFileSync(join(folder, 'log'), 'x'.repeat(5000))
    expect(await resolve(`${folder}/accounts`)).toEqual({ unavailable: expect.stringContaining('one line') })
    expect(await resolve(`${folder}/log`)).toEqual({
      unavailable: 'this is not a regular file of at most 4096 bytes',
    })
  })
})

describe('the secret that the service keeps for itself', () => {
  const variables = { PRECHECK_SECRET_KEY: 'of the service', PRECHECK_SECRET_DB1: 'of a database' }
  const all = localSecrets(variables, own)
  const refused = { unavailable: 'this secret is reserved for the service' }

  it('is given to nobody', async () => {
    const secrets = withoutKept(all, 'env:PRECHECK_SECRET_KEY')
    expect(await secrets.resolve('env:PRECHECK_SECRET_KEY')).toEqual(refused)
    expect(await secrets.resolve('env:PRECHECK_SECRET_DB1')).toEqual({ value: 'of a database' })
  })

  it('is given to nobody by another path of its file either', async () => {
    const file = join(folder, 'webhook-key')
    writeFileSync(file, 'of the service\n')
    linkSync(file, `${file}-too`)
    const secrets = withoutKept(all, `file:${file}`)
    for (const path of [file, `${folder}/./webhook-key`, `${folder}//webhook-key`, `${file}-too`])
      expect(await secrets.resolve(`file:${path}`)).toEqual(refused)
  })

  it('that is not there holds nothing back, nor does none', async () => {
    const value = { value: 'of a database' }
    expect(await withoutKept(all, 'env:NOT_SET').resolve('env:PRECHECK_SECRET_DB1')).toEqual(value)
    expect(await withoutKept(all, undefined).resolve('env:PRECHECK_SECRET_DB1')).toEqual(value)
  })
})

describe('in a deployed function, a reference', () => {
  const resolve = (reference: string) => functionSecrets(environment).resolve(reference)

  it('to a password in the environment gives it', async () => {
    expect(await resolve('env:PRECHECK_SECRET_DB1')).toEqual({ value: 'of another database' })
    expect(await resolve('env:PRECHECK_SECRET_DB2')).toEqual({
      unavailable: expect.stringContaining('not set'),
    })
  })

  it.each([
    'env:ALIBABA_CLOUD_SECURITY_TOKEN',
    'env:securityToken',
    'env:DB_PASSWORD',
    'env:PRECHECK_TOKEN',
    'file:/proc/self/environ',
    'file:/etc/hostname',
  ])('%s is refused', async (reference) => {
    expect(await resolve(reference)).toEqual({ unavailable: expect.stringContaining('PRECHECK_SECRET_') })
  })
})
