import { byHand } from '../../model/remediation.ts'
import { stepsFor } from '../framework/define-step.ts'

const step = stepsFor('memory')

/** Every step that fixes what is found by the memory of an instance. */
export const memorySteps = {
  takeFull: step('TAKE_FULL', {
    language: byHand,
    risk: 'online',
    needs: 'backup-administrator',
    en: 'Run a full backup of {database} by its backup plan now: incremental and log backups follow on from that one.',
    zh: '立即按备份计划对 {database} 执行一次全量备份：后续的增量和日志备份将以其为基础。',
  }),
  takeFullOfAll: step('TAKE_FULL_OF_ALL', {
    language: byHand,
    risk: 'online',
    needs: 'backup-administrator',
    en: 'Run a full backup of the instance by its backup plan now: incremental and log backups follow on from that one.',
    zh: '立即按备份计划对该实例执行一次全量备份：后续的增量和日志备份将以其为基础。',
  }),
  registerAgain: step('REGISTER_AGAIN', {
    language: byHand,
    risk: 'online',
    needs: 'registration-owner',
    en: 'Find out whether the address leads to the right server. If it does, remove the instance and register it again, here and with the backup service, so that its backups are kept apart from those of the one before.',
    zh: '确认该地址是否指向正确的服务器。如果是，请在本服务和备份服务中删除该实例并重新注册，使其备份与之前实例的备份分开。',
  }),
  takeOutOfPlans: step('TAKE_OUT_OF_PLANS', {
    language: byHand,
    risk: 'online',
    needs: 'backup-administrator',
    en: 'If {database} was removed on purpose, take it out of the backup plans; if not, restore it.',
    zh: '如果 {database} 是有意删除的，请将其从备份计划中移除；否则请恢复该数据库。',
  }),
  makeRoom: step('MAKE_ROOM', {
    language: byHand,
    risk: 'online',
    needs: 'backup-administrator',
    en: 'Find out what brings {name} near this limit, and make room or raise the limit before that day.',
    zh: '查明 {name} 接近该上限的原因，并在该日期之前释放空间或提高上限。',
  }),
} as const
