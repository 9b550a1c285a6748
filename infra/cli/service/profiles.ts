import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import * as z from 'zod'
import { CommandFailed } from './command-failed.ts'
import { fileReason } from './file-text.ts'

/** Where a service is, and a token for it. */
const Profile = z.strictObject({ url: z.string(), token: z.string() })
export type Profile = Readonly<z.infer<typeof Profile>>

const Profiles = z.record(z.string(), Profile)

/** What the user has logged in to, by name. */
export type Profiles = Readonly<Record<string, Profile>>

/** The profile that is used where nothing names another one. */
export const standardProfile = 'default'

/** Only its owner may read it: it holds tokens. */
const ownerOnly = 0o600
const ownerOnlyFolder = 0o700

/** Where the profiles are kept (XDG Base Directory Specification). */
const profilesPath = ({ XDG_CONFIG_HOME, HOME }: NodeJS.ProcessEnv): string =>
  join(XDG_CONFIG_HOME || join(HOME || homedir(), '.config'), 'backup-precheck', 'profiles.json')

const unusable = (path: string, reason: { readonly en: string; readonly zh: string }): CommandFailed =>
  new CommandFailed(
    {
      en: `${path} cannot be used: ${reason.en}. Mend or remove it, and log in again.`,
      zh: `无法使用 ${path}：${reason.zh}。请修复或删除该文件，然后重新登录。`,
    },
    'PROFILES_UNUSABLE',
  )

const isAbsent = (fault: unknown): boolean =>
  fault instanceof Error && 'code' in fault && fault.code === 'ENOENT'

const contentOf = (path: string): unknown => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (fault) {
    if (isAbsent(fault)) return {}
    throw unusable(path, fileReason(fault))
  }
}

/** All profiles; none where there is no file. Throws `CommandFailed`. */
export const readProfiles = (environment: NodeJS.ProcessEnv): Profiles => {
  const path = profilesPath(environment)
  const { data } = Profiles.safeParse(contentOf(path))
  if (data) return data
  throw unusable(path, { en: 'it does not hold profiles', zh: '其中没有配置' })
}

/** Replaces all profiles, at once. Throws `CommandFailed`. */
export const writeProfiles = (environment: NodeJS.ProcessEnv, profiles: Profiles): void => {
  const path = profilesPath(environment)
  const part = `${path}.part`
  try {
    mkdirSync(dirname(path), { recursive: true, mode: ownerOnlyFolder })
    writeFileSync(part, `${JSON.stringify(profiles, null, 2)}\n`, { mode: ownerOnly })
    chmodSync(part, ownerOnly)
    renameSync(part, path)
  } catch (fault) {
    throw unusable(path, fileReason(fault))
  }
}
