import * as z from 'zod'
import { backupOperations } from '../../model/operation.ts'
import { orUnknown, rows } from '../framework/answer.ts'
import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { mysql } from './engine.ts'
import { onInstance } from './instance-finding.ts'
import { sessionSteps as steps } from './session-steps.ts'
import { SettingRows, settingOf, settingsQuery } from './settings.ts'

const texts = {
  SPACE_USED_UP: {
    en: 'The volume of {path} has {gigabytes} GB left: the server stops when its binary log or a temporary file finds no room.',
    zh: '{path} 所在卷仅剩 {gigabytes} GB：二进制日志或临时文件没有空间时，服务器会停止。',
  },
  SPACE_LOW: {
    en: 'The volume of {path} has {percent}% left, and it fills while backups keep old versions of rows and binary logs.',
    zh: '{path} 所在卷仅剩 {percent}%，备份期间保留的旧版本数据和二进制日志还会占用空间。',
  },
  SPACE_NOT_SHOWN: {
    en: 'The space of the volume of {path} is not shown: only MariaDB shows it, with the plugin DISKS and to an account with FILE. Look on the host.',
    zh: '无法看到 {path} 所在卷的空间：只有 MariaDB 在安装插件 DISKS 且账号具有 FILE 权限时才会显示。请在主机上查看。',
  },
  SPACE_UNKNOWN: {
    en: 'It is unknown how much space the volume of {path} has left.',
    zh: '无法判定 {path} 所在卷的剩余空间。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

/** In KB. What is left is for accounts without special rights ("DISKS Plugin", MariaDB reference). */
const DiskRow = {
  disk_path: z.string(),
  total_kb: orUnknown(z.number()),
  available_kb: orUnknown(z.number()),
}

const facts = z.object({ settings: SettingRows, disks: rows(DiskRow).nullable() })
type Facts = z.output<typeof facts>
type Disk = NonNullable<Facts['disks']>[number]

const kbPerGigabyte = 1024 * 1024

const isUnder = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`)

/** The volume that a path is on: the one mounted nearest above it. */
const volumeOf = (path: string, disks: readonly Disk[]): Disk | undefined =>
  disks
    .filter(({ disk_path }) => isUnder(path, disk_path))
    .toSorted((one, other) => other.disk_path.length - one.disk_path.length)[0]

const judge = ({ settings, disks }: Facts, context: CheckContext): Draft[] => {
  const path = settingOf(settings, 'datadir')
  const params = { path: path ?? 'datadir' }
  if (disks === null || disks.length === 0) {
    return [onInstance(context, { code: 'SPACE_NOT_SHOWN', params, observed: {}, expected: {} })]
  }
  const volume = path === null ? undefined : volumeOf(path, disks)
  const { total_kb: total = null, available_kb: available = null } = volume ?? {}
  const observed = { datadir: path, total_kb: total, available_kb: available }
  if (total === null || available === null) {
    return [
      onInstance(context, {
        code: 'SPACE_UNKNOWN',
        params,
        observed,
        expected: {},
        obscures: [...backupOperations],
      }),
    ]
  }
  const { diskFreeFailureGigabytes, diskFreeWarningPercent } = context.thresholdsFor()
  const remediation = { steps: [steps.freeSpace(params)], verify: null, changes: { available_kb: total } }
  const about = { observed, remediation } satisfies Partial<Draft>
  if (available < diskFreeFailureGigabytes * kbPerGigabyte) {
    return [
      onInstance(context, {
        ...about,
        code: 'SPACE_USED_UP',
        params: { ...params, gigabytes: Math.floor((available / kbPerGigabyte) * 100) / 100 },
        expected: { available_kb: `at least ${diskFreeFailureGigabytes * kbPerGigabyte}` },
        blocks: [...backupOperations],
      }),
    ]
  }
  if (available * 100 >= total * diskFreeWarningPercent) return []
  return [
    onInstance(context, {
      ...about,
      code: 'SPACE_LOW',
      params: { ...params, percent: Math.floor((available * 100) / total) },
      expected: { available_kb: `at least ${diskFreeWarningPercent}%` },
      degrades: [...backupOperations],
    }),
  ]
}

/** Verifies that the volume of the data directory has room, where the server shows that. */
export default defineCheck(mysql, {
  id: 'MYSQL_DISK_SPACE',
  set: 'standard',
  title: { en: 'The volume of the data directory has room', zh: '空间检查：数据目录所在卷有足够空间' },
  failureTitle: {
    en: 'The volume of the data directory is filling up, or it is unknown whether it is',
    zh: '空间检查：数据目录所在卷空间不足，或无法判定',
  },
  description: {
    en: 'Checks the space that is left on the volume of the data directory, where the server shows it (the thresholds diskFreeWarningPercent and diskFreeFailureGigabytes of a policy).',
    zh: '在服务器可显示时，检查数据目录所在卷的剩余空间（策略中的阈值 diskFreeWarningPercent 和 diskFreeFailureGigabytes）。',
  },
  affects: () => backupOperations,
  texts,
  privileges: [],
  fixes: [steps.freeSpace],
  documents: [
    'https://mariadb.com/kb/en/disks-plugin/',
    'https://mariadb.com/kb/en/information-schema-disks-table/',
  ],
  queries: {
    settings: settingsQuery,
    disks: {
      sql: 'SELECT d.path AS disk_path, d.total AS total_kb, d.available AS available_kb FROM information_schema.DISKS AS d LIMIT 500',
      optional: true,
    },
  },
  facts,
  evaluate: (asked, context) => ({
    findings: judge(asked, context),
    observed: { datadir: settingOf(asked.settings, 'datadir') },
  }),
})
