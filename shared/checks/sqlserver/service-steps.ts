import { byHand } from '../../model/remediation.ts'
import { stepsFor } from '../framework/define-step.ts'
import { powershell } from '../framework/script-language.ts'

const step = stepsFor('sqlserver')

type OfService = Readonly<Record<'service', string>>

/** Every step that fixes a state of the whole instance, by its Windows service. */
export const serviceSteps = {
  leaveSingleUser: step('LEAVE_SINGLE_USER', {
    language: byHand,
    risk: 'online',
    needs: 'host-administrator',
    en: 'Remove -m from the startup parameters of the service in SQL Server Configuration Manager.',
    zh: '在 SQL Server 配置管理器中，从该服务的启动参数中去掉 -m。',
  }),
  /** Single quotes, or PowerShell would take `$NAME` for a variable. */
  restart: step('RESTART', {
    language: powershell,
    risk: 'restart',
    needs: 'host-administrator',
    en: 'Restart the service {service}.',
    zh: '重启服务 {service}。',
    command: ({ service }: OfService) => `Restart-Service -Name '${service}' -Force`,
  }),
  restartByHand: step('RESTART_BY_HAND', {
    language: byHand,
    risk: 'restart',
    needs: 'host-administrator',
    en: 'Restart the service of the instance.',
    zh: '重启该实例的服务。',
  }),
  resume: step('RESUME', {
    language: powershell,
    risk: 'online',
    needs: 'host-administrator',
    en: 'Resume the service {service}.',
    zh: '恢复服务 {service}。',
    command: ({ service }: OfService) => `Resume-Service -Name '${service}'`,
  }),
  resumeByHand: step('RESUME_BY_HAND', {
    language: byHand,
    risk: 'online',
    needs: 'host-administrator',
    en: 'Resume the service of the instance in SQL Server Configuration Manager.',
    zh: '在 SQL Server 配置管理器中恢复该实例的服务。',
  }),
  start: step('START', {
    language: powershell,
    risk: 'online',
    needs: 'host-administrator',
    en: 'Start the service {service}.',
    zh: '启动服务 {service}。',
    command: ({ service }: OfService) => `Start-Service -Name '${service}'`,
  }),
  startByHand: step('START_BY_HAND', {
    language: byHand,
    risk: 'online',
    needs: 'host-administrator',
    en: 'Start the service of the instance.',
    zh: '启动该实例的服务。',
  }),
  /** A shutdown that has begun cannot be stopped. */
  letShutdownEnd: step('LET_SHUTDOWN_END', {
    language: byHand,
    risk: 'online',
    needs: 'anybody',
    en: 'Find out who is shutting down the instance and why, and wait until it is down.',
    zh: '确认是谁正在关闭该实例以及原因，并等待关闭完成。',
  }),
  waitForStart: step('WAIT_FOR_START', {
    language: byHand,
    risk: 'online',
    needs: 'anybody',
    en: 'Wait until the error log of the server says that it is ready for client connections, then run the precheck again.',
    zh: '等待服务器的错误日志显示已可接受客户端连接，然后重新预检。',
  }),
  waitForUpgrade: step('WAIT_FOR_UPGRADE', {
    language: byHand,
    risk: 'online',
    needs: 'anybody',
    en: 'Wait until the upgrade is complete, then run the precheck again. The error log of the server shows its progress.',
    zh: '等待升级完成，然后重新预检。升级进度见服务器的错误日志。',
  }),
  /** By hand: the name comes from the server, and PowerShell has many quotes. */
  startAgent: step('START_AGENT', {
    language: byHand,
    risk: 'online',
    needs: 'host-administrator',
    en: 'Start the service {service} in SQL Server Configuration Manager, and find out in its log SQLAGENT.OUT why it stopped.',
    zh: '在 SQL Server 配置管理器中启动服务 {service}，并在其日志 SQLAGENT.OUT 中查明停止的原因。',
  }),
  startAutomatically: step('START_AUTOMATICALLY', {
    language: byHand,
    risk: 'online',
    needs: 'host-administrator',
    en: 'Set the start mode of the service {service} to Automatic in SQL Server Configuration Manager.',
    zh: '在 SQL Server 配置管理器中将服务 {service} 的启动模式设置为“自动”。',
  }),
  upgrade: step('UPGRADE', {
    language: byHand,
    risk: 'downtime',
    needs: 'host-administrator',
    en: 'Upgrade the instance to a version in support, after a full backup of all databases, the system databases included.',
    zh: '对所有数据库（包括系统数据库）执行全量备份后，将实例升级到受支持的版本。',
  }),
} as const
