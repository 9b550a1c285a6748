import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { Text } from '../../../shared/model/message.ts'
import { CommandFailed, reasonOf } from './command-failed.ts'

const existing: Text = { en: 'it is there already', zh: '文件已存在' }

/** What the operating system says of a file, by its error code. */
const reasons: Readonly<Record<string, Text>> = {
  ENOENT: { en: 'there is no such file', zh: '文件不存在' },
  EISDIR: { en: 'it is a folder', zh: '这是一个文件夹' },
  ENOTDIR: { en: 'a part of its path is no folder', zh: '路径中有一部分不是文件夹' },
  EACCES: { en: 'this user may not do that', zh: '当前用户没有权限' },
  EPERM: { en: 'this user may not do that', zh: '当前用户没有权限' },
  EEXIST: existing,
  ENOSPC: { en: 'the disk is full', zh: '磁盘已满' },
  EROFS: { en: 'it is on a disk that cannot be written', zh: '所在磁盘只读' },
}

/** Why a file cannot be used. */
export const fileReason = (fault: unknown): Text => {
  const code = fault instanceof Error && 'code' in fault ? String(fault.code) : ''
  const reason = reasonOf(fault)
  return (Object.hasOwn(reasons, code) ? reasons[code] : undefined) ?? { en: reason, zh: reason }
}

/** The text of a file. Throws `CommandFailed` where it cannot be read. */
export const fileText = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const { en, zh } = fileReason(cause)
    throw new CommandFailed(
      { en: `${path} cannot be read: ${en}.`, zh: `无法读取 ${path}：${zh}。` },
      'FILE_UNREADABLE',
    )
  }
}

const unwritable = (path: string, { en, zh }: Text): CommandFailed =>
  new CommandFailed(
    { en: `${path} cannot be written: ${en}.`, zh: `无法写入 ${path}：${zh}。` },
    'FILE_UNWRITABLE',
  )

/** Throws `CommandFailed` where there is such a file already, before a user has typed anything in vain. */
export const refuseExisting = (path: string): void => {
  if (existsSync(path)) throw unwritable(path, existing)
}

/** Writes a new file. Throws `CommandFailed` where there is one already, or it cannot be written. */
export const writeNew = (path: string, content: string): void => {
  try {
    writeFileSync(path, content, { flag: 'wx' })
  } catch (cause) {
    throw unwritable(path, fileReason(cause))
  }
}
