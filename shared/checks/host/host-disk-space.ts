import { backupOperations } from '../../model/operation.ts'
import { type CheckContext, type FindingDraft, defineHostCheck } from '../framework/define-check.ts'
import { bash, powershell } from '../framework/script-language.ts'
import { VolumeFacts } from './host-facts.ts'
import { isWindows } from './platform.ts'
import { hostSteps } from './steps.ts'

const texts = {
  VOLUME_FULL: {
    en: 'The volume {volume} has {free} GB left ({percent} %, below the limit of {limit} GB): what writes to it fails.',
    zh: '卷 {volume} 仅剩 {free} GB（{percent}%，低于阈值 {limit} GB）：写入该卷的操作会失败。',
  },
  VOLUME_FILLING: {
    en: 'The volume {volume} has {percent} % left ({free} GB; limit {limit} %).',
    zh: '卷 {volume} 剩余 {percent}%（{free} GB；阈值 {limit}%）。',
  },
  VOLUME_UNKNOWN: {
    en: 'It is unknown how much room there is for {folder} ({cause}).',
    zh: '无法判定 {folder} 的剩余空间（{cause}）。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>
type Volume = VolumeFacts[number]

/** Bytes of what `df -h` and Windows call a gigabyte. */
const gigabyte = 1024 ** 3

const rounded = (value: number): number => Math.round(value * 10) / 10

const verify = (context: CheckContext) =>
  isWindows(context)
    ? {
        language: powershell.name,
        query: 'Get-CimInstance Win32_Volume | Select-Object Name, Capacity, FreeSpace',
      }
    : { language: bash.name, query: 'df -P -k' }

const judgeVolume = (volume: Volume, context: CheckContext): Draft[] => {
  const { path, mount, totalBytes, freeBytes, cause } = volume
  if (mount === null || totalBytes === null || freeBytes === null || totalBytes === 0) {
    return [
      {
        code: 'VOLUME_UNKNOWN',
        params: { folder: path, cause: cause ?? 'its size is 0' },
        object: { type: 'instance', name: path },
        observed: { totalBytes, freeBytes },
        expected: {},
        obscures: [...backupOperations],
        remediation: {
          steps: [hostSteps.correctFolder({ folder: path })],
          verify: verify(context),
          changes: {},
        },
      },
    ]
  }
  const { diskFreeFailureGigabytes, diskFreeWarningPercent } = context.thresholdsFor()
  const percent = (freeBytes / totalBytes) * 100
  const isFull = freeBytes < diskFreeFailureGigabytes * gigabyte
  if (!isFull && percent >= diskFreeWarningPercent) return []
  const about = {
    object: { type: 'instance', name: mount } as const,
    observed: { totalBytes, freeBytes },
    remediation: { steps: [hostSteps.makeRoom({ volume: mount })], verify: verify(context), changes: {} },
  }
  const params = { volume: mount, free: rounded(freeBytes / gigabyte), percent: rounded(percent) }
  return isFull
    ? [
        {
          ...about,
          code: 'VOLUME_FULL',
          params: { ...params, limit: diskFreeFailureGigabytes },
          expected: { freeBytes: diskFreeFailureGigabytes * gigabyte },
          blocks: [...backupOperations],
        },
      ]
    : [
        {
          ...about,
          code: 'VOLUME_FILLING',
          params: { ...params, limit: diskFreeWarningPercent },
          expected: { freeBytes: Math.ceil((totalBytes * diskFreeWarningPercent) / 100) },
          degrades: [...backupOperations],
        },
      ]
}

/** Each volume once, however many folders are on it. */
const distinct = (volumes: VolumeFacts): VolumeFacts => [
  ...new Map(volumes.map((volume) => [volume.mount ?? `folder ${volume.path}`, volume])).values(),
]

/**
 * Verifies that there is room on the volumes that a backup writes to or whose filling up stops the database: those of
 * the folders that the registration names, and that of the system, where the client and its cache are by default.
 */
export default defineHostCheck('all', {
  id: 'HOST_DISK_SPACE',
  set: 'standard',
  title: { en: 'The volumes of the host have room', zh: '主机磁盘空间检查：各卷空间充足' },
  failureTitle: { en: 'A volume of the host is filling up', zh: '主机磁盘空间检查：有卷空间不足' },
  description: {
    en: 'Checks the free space of the system volume and of the volumes of data, log, archive and client cache. If a volume is full, the database or the backup client cannot write to it.',
    zh: '检查系统卷以及数据、日志、归档和客户端缓存所在卷的剩余空间。卷写满后，数据库或备份客户端将无法写入。',
  },
  affects: () => backupOperations,
  texts,
  fixes: [hostSteps.correctFolder, hostSteps.makeRoom],
  documents: [
    'https://www.alibabacloud.com/help/en/cloud-backup/user-guide/ecs-file-backup-overview',
    'https://pubs.opengroup.org/onlinepubs/9699919799/utilities/df.html',
    'https://learn.microsoft.com/previous-versions/windows/desktop/legacy/aa394515(v=vs.85)',
  ],
  ask: ({ volumes = [] }) => ({ part: 'volumes', paths: volumes }),
  facts: VolumeFacts,
  evaluate: (volumes, context) => {
    const own = distinct(volumes)
    return {
      findings: own.flatMap((volume) => judgeVolume(volume, context)),
      observed: { volumes: own.length },
      observations: own.flatMap(({ mount, freeBytes }) =>
        mount === null || freeBytes === null
          ? []
          : [{ name: 'volume-free-bytes', object: { type: 'instance', name: mount }, value: freeBytes }],
      ),
    }
  },
})
