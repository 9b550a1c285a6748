import { linkSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
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

let parent: string
let folder: string
beforeAll(() => {
  parent = realpathSync(mkdtempSync(join(tmpdir(), 'precheck-secrets-')))
  folder = join(parent, 'secrets')
  mkdirSync(join(folder, 'team'), { recursive: true })
  mkdirSync(join(parent, 'secrets-of-others'))
  writeFileSync(join(parent, 'admin-token'), 'bearer')
  writeFileSync(join(parent, 'secrets-of-others', 'db'), 'beside')
  writeFileSync(join(folder, 'db'), 'of the file\n')
  writeFileSync(join(folder, 'team', 'db'), 'of the team')
  symlinkSync(join(parent, 'admin-token'), join(folder, 'link-out'))
  symlinkSync(join(parent, 'secrets-of-others'), join(folder, 'others'))
  symlinkSync('/proc/self/environ', join(folder, 'environ'))
  // As Kubernetes mounts secrets: the name is a link to a folder that is replaced as a whole.
  mkdirSync(join(folder, '..2026_11_21'))
  writeFileSync(join(folder, '..2026_11_21', 'mounted'), 'of the mount')
  symlinkSync('..2026_11_21', join(folder, '..data'))
  symlinkSync('..data/mounted', join(folder, 'mounted'))
})
afterAll(() => rmSync(parent, { recursive: true }))

describe('on one machine, a reference', () => {
  const resolve = (reference: string) => localSecrets(environment, folder).resolve(reference)

  it('to a variable that is there for it gives the password', async () => {
    expect(await resolve('env:PRECHECK_SECRET_DB1')).toEqual({ value: 'of another database' })
    expect(await resolve('env:PRECHECK_SECRET_DB2')).toEqual({
      unavailable: expect.stringContaining('not set'),
    })
  })

  it.each([
    ['db', 'of the file'],
    ['team/db', 'of the team'],
    ['mounted', 'of the mount'],
  ])('to %s in the folder gives what is in it, without the newline at its end', async (name, value) => {
    expect(await resolve(`file:${folder}/${name}`)).toEqual({ value })
  })

  it.each([
    ['DB_PASSWORD', 'PRECHECK_SECRET_DB_PASSWORD'],
    ['ALIBABA_CLOUD_SECURITY_TOKEN', 'PRECHECK_SECRET_ALIBABA_CLOUD_SECURITY_TOKEN'],
    ['PRECHECK_TOKEN', 'PRECHECK_SECRET_TOKEN'],
    ['precheck_secret_db1', 'PRECHECK_SECRET_db1'],
    ['PRECHECK_SECRET_', 'PRECHECK_SECRET_NAME'],
    ['PATH', 'PRECHECK_SECRET_PATH'],
  ])('env:%s is refused, set or not, and told to be %s', async (name, allowed) => {
    const refused = { unavailable: expect.stringContaining(`rename the variable to ${allowed} and`) }
    expect(await resolve(`env:${name}`)).toEqual(refused)
    expect(await localSecrets({}, folder).resolve(`env:${name}`)).toEqual(refused)
  })

  it.each([
    () => `${parent}/admin-token`,
    () => `${parent}/secrets-of-others/db`,
    () => folder,
    () => `${folder}/`,
    () => `${folder}/../admin-token`,
    () => `${folder}/team/../db`,
    () => `${folder}/./db`,
    () => `${folder}//db`,
    () => '/etc/hostname',
    () => '/proc/self/environ',
    () => `/proc/self/root${folder}/db`,
  ])('to a file outside the folder is refused by its path: %s', async (path) => {
    expect(await resolve(`file:${path()}`)).toEqual({
      unavailable: expect.stringContaining(`only files in ${folder} (PRECHECK_SECRETS_FOLDER) can be used`),
    })
  })

  it.each(['link-out', 'others/db', 'environ'])(
    'to a link out of the folder is refused: %s',
    async (name) => {
      expect(await resolve(`file:${folder}/${name}`)).toEqual({
        unavailable: `the file is a link that leads out of ${folder}`,
      })
    },
  )

  it('reads a folder that is a link itself', async () => {
    symlinkSync(folder, join(parent, 'linked'))
    const linked = localSecrets({}, join(parent, 'linked'))
    expect(await linked.resolve(`file:${parent}/linked/db`)).toEqual({ value: 'of the file' })
    expect(await linked.resolve(`file:${parent}/linked/link-out`)).toHaveProperty('unavailable')
  })

  it('to a folder that is not there says so', async () => {
    expect(await localSecrets({}, '/run/none').resolve('file:/run/none/db')).toEqual({
      unavailable: 'the file cannot be read (ENOENT)',
    })
  })

  it('reads no folder and no long file, and no file of more than one line', async () => {
    writeFileSync(join(folder, 'accounts'), 'root:x:0:0\nprecheck:x:1:1\n')
    writeFileSync(join(folder, 'log'), 'x'.repeat(5000))
    const notRegular = { unavailable: 'this is not a regular file of at most 4096 bytes' }
    expect(await resolve(`file:${folder}/accounts`)).toEqual({
      unavailable: expect.stringContaining('one line'),
    })
    expect(await resolve(`file:${folder}/log`)).toEqual(notRegular)
    expect(await resolve(`file:${folder}/team`)).toEqual(notRegular)
  })
})

describe('the secret that the service keeps for itself', () => {
  const variables = { PRECHECK_SECRET_KEY: 'of the service', PRECHECK_SECRET_DB1: 'of a database' }
  const all = () => localSecrets(variables, folder)
  const refused = { unavailable: 'this secret is reserved for the service' }

  it('is given to nobody', async () => {
    const secrets = withoutKept(all(), ['env:PRECHECK_SECRET_OTHER', 'env:PRECHECK_SECRET_KEY'])
    expect(await secrets.resolve('env:PRECHECK_SECRET_KEY')).toEqual(refused)
    expect(await secrets.resolve('env:PRECHECK_SECRET_DB1')).toEqual({ value: 'of a database' })
  })

  it('is given to nobody by another path of its file either', async () => {
    const file = join(folder, 'webhook-key')
    writeFileSync(file, 'of the service\n')
    linkSync(file, `${file}-too`)
    const secrets = withoutKept(all(), [`file:${file}`])
    for (const path of [file, `${file}-too`]) expect(await secrets.resolve(`file:${path}`)).toEqual(refused)
  })

  it('that is not there holds nothing back, nor does none', async () => {
    const value = { value: 'of a database' }
    expect(await withoutKept(all(), ['env:NOT_SET']).resolve('env:PRECHECK_SECRET_DB1')).toEqual(value)
    expect(await withoutKept(all(), []).resolve('env:PRECHECK_SECRET_DB1')).toEqual(value)
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

  it.each(['env:ALIBABA_CLOUD_SECURITY_TOKEN', 'env:securityToken', 'env:DB_PASSWORD', 'env:PRECHECK_TOKEN'])(
    '%s is refused',
    async (reference) => {
      expect(await resolve(reference)).toEqual({ unavailable: expect.stringContaining('PRECHECK_SECRET_') })
    },
  )

  it.each(['file:/proc/self/environ', 'file:/run/secrets/db'])('%s is refused', async (reference) => {
    expect(await resolve(reference)).toEqual({ unavailable: expect.stringContaining('use kms:NAME') })
  })
})
