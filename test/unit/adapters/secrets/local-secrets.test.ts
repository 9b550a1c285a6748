import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
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
      expect(await resolve(`file:${path}`)).toEqual({ unavailable: expect.stringContaining('no passwords') })
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
