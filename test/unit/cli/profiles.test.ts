import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { accessFrom, withEnvFile } from '../../../infra/cli/service/access.ts'
import { writeProfiles } from '../../../infra/cli/service/profiles.ts'
import { answering, precheckWith } from './scripted-service.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'precheck-profiles-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const kept = () => join(folder, 'backup-precheck', 'profiles.json')
const inFolder = () => ({ environment: { XDG_CONFIG_HOME: folder } })

const profiles = { default: { url: 'http://a', token: 'of-a' }, prod: { url: 'http://b', token: 'of-b' } }
const env = (name: string) => ({ PRECHECK_URL: `http://${name}`, PRECHECK_TOKEN: `of-${name}` })

describe('where the service is', () => {
  it.each([
    ['the profile default, where nothing else is said', {}, undefined, 'http://a'],
    ['the environment before it', env('c'), undefined, 'http://c'],
    ['PRECHECK_PROFILE before those', { ...env('c'), PRECHECK_PROFILE: 'prod' }, undefined, 'http://b'],
    ['--profile before all', { ...env('c'), PRECHECK_PROFILE: 'default' }, 'prod', 'http://b'],
  ])('is %s', (_, environment, profile, url) => {
    const own = { XDG_CONFIG_HOME: folder }
    writeProfiles(own, profiles)
    const access = accessFrom({ ...own, ...environment }, profile)
    expect(access).toEqual({ url, token: `of-${url.at(-1)}` })
  })

  it('is in a file of its owner alone', () => {
    writeProfiles({ XDG_CONFIG_HOME: folder }, profiles)
    expect(statSync(kept()).mode & 0o777).toBe(0o600)
  })

  it('cannot be a profile that there is not, or a file that is none', () => {
    const own = { XDG_CONFIG_HOME: folder }
    writeProfiles(own, profiles)
    expect(() => accessFrom(own, 'constructor')).toThrow(
      'There is no profile "constructor". There are: default, prod. Log in: precheck login constructor',
    )
    writeFileSync(kept(), '{"default": {"url": 7}}')
    expect(() => accessFrom(own)).toThrow(/profiles\.json cannot be used: it does not hold profiles\. Mend/)
  })
})

describe('the file .env', () => {
  const file = (content: string): string => {
    const path = join(folder, '.env')
    writeFileSync(path, content)
    return path
  }

  it('says what the environment does not', () => {
    const path = file('# ours\nPRECHECK_URL=http://d\nPRECHECK_TOKEN="of-d"\nNODE_OPTIONS=--bad\n')
    expect(withEnvFile({ LANG: 'C' }, path)).toEqual({ LANG: 'C', ...env('d') })
  })

  it('gets no token of the environment, and gives none', () => {
    const path = file('PRECHECK_URL=http://d\n')
    const environment = { PRECHECK_TOKEN: 'mine' }
    expect(withEnvFile(environment, path)).toEqual(environment)
  })

  it('need not be there, and says why it cannot be read', () => {
    expect(withEnvFile({}, join(folder, 'absent'))).toEqual({})
    expect(() => withEnvFile({}, folder)).toThrow(/cannot be read: it is a folder\.$/)
  })
})

describe('precheck logout and profiles', () => {
  it('forget one, and list the others without their tokens', async () => {
    writeProfiles({ XDG_CONFIG_HOME: folder }, profiles)
    const list = await precheckWith(answering(500, {}), ['profiles'], undefined, inFolder())
    expect(list.output).toBe('default  http://a\nprod     http://b\n')
    const gone = await precheckWith(answering(500, {}), ['logout', 'prod'], undefined, inFolder())
    expect([gone.code, gone.output]).toEqual([0, 'The profile prod is forgotten.\n'])
    const again = await precheckWith(answering(500, {}), ['logout', 'prod'], undefined, inFolder())
    expect([again.code, again.errors]).toEqual([
      3,
      'There is no profile "prod". "precheck profiles" lists them.\n',
    ])
  })
})
