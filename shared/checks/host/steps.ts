import { byHand } from '../../model/remediation.ts'
import { stepsFor } from '../framework/define-step.ts'
import { bash, powershell } from '../framework/script-language.ts'
import { quoteShell } from '../framework/quote-shell.ts'

const step = stepsFor('host')

type OfService = Readonly<Record<'service', string>>

/** A text of ours as a PowerShell literal. */
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** Every step that fixes a state of the ECS host. */
export const hostSteps = {
  /** By hand: nobody but the owner knows what may go. */
  makeRoom: step('MAKE_ROOM', {
    language: byHand,
    risk: 'online',
    needs: 'host-administrator',
    en: 'Find out what fills the volume {volume}, and delete what is not needed, or extend the disk and its file system. Never delete archived logs or backups by the tools of the system: the database would still count on them.',
    zh: '查明占用卷 {volume} 空间的内容，删除不再需要的文件，或扩容云盘及其文件系统。请勿用系统命令删除归档日志或备份：数据库仍会依赖它们。',
  }),
  correctFolder: step('CORRECT_FOLDER', {
    language: byHand,
    risk: 'online',
    needs: 'registration-owner',
    en: 'Correct the folder {folder} in host.volumes of the registration, or have its volume mounted and answering.',
    zh: '请更正注册信息 host.volumes 中的文件夹 {folder}，或挂载其所在的卷并确保其可访问。',
  }),
  installClient: step('INSTALL_CLIENT', {
    language: byHand,
    risk: 'online',
    needs: 'backup-administrator',
    en: 'Look up the client of this instance in the Cloud Backup console, and install it there if it is missing. If another client takes the backups, exclude this check item in the registration.',
    zh: '请在云备份控制台查看该实例的客户端，如缺失请在控制台安装。如果由其他客户端执行备份，请在注册信息中排除该检查项。',
  }),
  startUnit: step('START_UNIT', {
    language: bash,
    risk: 'online',
    needs: 'host-administrator',
    en: 'Start the service {service}.',
    zh: '启动服务 {service}。',
    command: ({ service }: OfService) => `systemctl start ${quoteShell(service)}`,
  }),
  enableUnit: step('ENABLE_UNIT', {
    language: bash,
    risk: 'online',
    needs: 'host-administrator',
    en: 'Have the service {service} start with the host.',
    zh: '将服务 {service} 设为随主机启动。',
    command: ({ service }: OfService) => `systemctl enable ${quoteShell(service)}`,
  }),
  startService: step('START_SERVICE', {
    language: powershell,
    risk: 'online',
    needs: 'host-administrator',
    en: 'Start the service {service}.',
    zh: '启动服务 {service}。',
    command: ({ service }: OfService) => `Get-Service -DisplayName ${literal(service)} | Start-Service`,
  }),
  enableService: step('ENABLE_SERVICE', {
    language: powershell,
    risk: 'online',
    needs: 'host-administrator',
    en: 'Have the service {service} start with the host.',
    zh: '将服务 {service} 设为随主机启动。',
    command: ({ service }: OfService) =>
      `Get-Service -DisplayName ${literal(service)} | Set-Service -StartupType Automatic`,
  }),
  restartWriter: step('RESTART_WRITER', {
    language: powershell,
    risk: 'online',
    needs: 'host-administrator',
    en: 'Restart SQL Writer while no snapshot backup runs: its VSS writer begins anew.',
    zh: '在没有快照备份运行时重启 SQL Writer：其 VSS 编写器会重新初始化。',
    command: () => "Restart-Service -Name 'SQLWriter'",
  }),
  startWriter: step('START_WRITER', {
    language: powershell,
    risk: 'online',
    needs: 'host-administrator',
    en: 'Start SQL Writer, and have it start with the host.',
    zh: '启动 SQL Writer，并设为随主机启动。',
    command: () => "Set-Service -Name 'SQLWriter' -StartupType Automatic -Status Running",
  }),
  installWriter: step('INSTALL_WRITER', {
    language: byHand,
    risk: 'online',
    needs: 'host-administrator',
    en: 'Repair SQL Writer with the setup of SQL Server: it is installed with every instance.',
    zh: '使用 SQL Server 安装程序修复 SQL Writer：每个实例都会安装它。',
  }),
  letSnapshotEnd: step('LET_SNAPSHOT_END', {
    language: byHand,
    risk: 'online',
    needs: 'anybody',
    en: 'Wait until the snapshot that is being taken is over, then run the precheck again. If the state does not change, restart SQL Writer.',
    zh: '等待正在进行的快照完成后重新预检。如果状态不变，请重启 SQL Writer。',
  }),
  /** By hand: a database that runs sees the jump. */
  findTimeSource: step('FIND_TIME_SOURCE', {
    language: byHand,
    risk: 'online',
    needs: 'host-administrator',
    en: 'Find out why the clock is not synchronised (NTP service stopped, server not reached), and whether the databases and clusters of the host bear it to be set at once.',
    zh: '查明时钟未同步的原因（NTP 服务已停止或无法连接时间服务器），并确认主机上的数据库和集群能否承受时钟立即校正。',
  }),
  stepChrony: step('STEP_CHRONY', {
    language: bash,
    risk: 'online',
    needs: 'host-administrator',
    en: 'Have chrony set the clock at once.',
    zh: '让 chrony 立即校正时钟。',
    command: () => 'chronyc makestep',
  }),
  resyncWindows: step('RESYNC_WINDOWS', {
    language: powershell,
    risk: 'online',
    needs: 'host-administrator',
    en: 'Have the Windows time service set the clock at once.',
    zh: '让 Windows 时间服务立即校正时钟。',
    command: () => 'w32tm /resync /force',
  }),
  reachForTime: step('REACH_FOR_TIME', {
    language: byHand,
    risk: 'online',
    needs: 'network-administrator',
    en: 'Let the host reach the endpoints of the connectivity items: the time is read from their answer. On Linux it needs curl.',
    zh: '请确保主机可以访问连接性检查项的接入点：时间取自其应答。Linux 主机需要安装 curl。',
  }),
} as const
