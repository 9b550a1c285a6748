import { describe, expect, it } from 'vitest'
import {
  ApiSettings,
  CollectSettings,
  NotifySettings,
  RunCheckSettings,
  ScheduleSettings,
  fcSettings,
  readFcSettings,
} from '../../../shared/runtime/fc-environment.ts'
import { SettingsInvalid } from '../../../shared/runtime/settings.ts'

const account = { PRECHECK_ACCOUNT_ID: '1234567890', PRECHECK_REGION: 'cn-beijing' }
const tables = {
  PRECHECK_TABLESTORE_ENDPOINT: 'https://team.{region}.vpc.tablestore.aliyuncs.com',
  PRECHECK_TABLESTORE_INSTANCE: 'team',
}

describe('the settings of a deployed function', () => {
  it('say where its services are, in its own region', () => {
    expect(readFcSettings(ApiSettings, { ...account, ...tables })).toEqual({
      logLevel: 'info',
      requestsPerMinute: 0,
      mns: { accountId: '1234567890', region: 'cn-beijing' },
      tablestore: { endpoint: 'https://team.cn-beijing.vpc.tablestore.aliyuncs.com', instance: 'team' },
      queues: {
        checks: 'precheck-checks',
        results: 'precheck-results',
        notifications: 'precheck-notifications',
      },
      limits: { deadlineMs: 60_000, itemMs: 20_000 },
      kms: { endpoint: 'https://kms-vpc.cn-beijing.aliyuncs.com' },
      publicUrl: null,
      webhookRules: { allowHttp: false, allowedNetworks: [], hasMailServer: false },
      webhookKey: 'kms:backup-precheck-webhook-key',
      previousWebhookKey: undefined,
      keptSecrets: ['kms:backup-precheck-webhook-key'],
      fanOut: 'essential',
    })
  })

  it('open networks and plain HTTP to webhooks only where they say so', () => {
    const read = (variables: Readonly<Record<string, string>>) =>
      readFcSettings(NotifySettings, { ...account, ...tables, ...variables }).webhookRules
    expect(read({ PRECHECK_WEBHOOK_NETWORKS: 'none' }).allowedNetworks).toEqual([])
    expect(
      read({ PRECHECK_WEBHOOK_NETWORKS: '10.1.0.0/16, fd12::/16', PRECHECK_WEBHOOK_HTTP: 'true' }),
    ).toEqual({ allowHttp: true, allowedNetworks: ['10.1.0.0/16', 'fd12::/16'], hasMailServer: false })
    for (const faulty of ['10.1.0.0', '10.1.0.0/33', 'all', '10.1.0.0/16,,'])
      expect(() => read({ PRECHECK_WEBHOOK_NETWORKS: faulty })).toThrow('PRECHECK_WEBHOOK_NETWORKS')
  })

  it('let prechecks be started by a timer as by the API, with more time and by a schedule', () => {
    const { logLevel, mns, tablestore, queues } = readFcSettings(ApiSettings, { ...account, ...tables })
    expect(
      readFcSettings(ScheduleSettings, { ...account, ...tables, PRECHECK_SCHEDULE_AT: '23:15' }),
    ).toEqual({
      logLevel,
      mns,
      tablestore,
      queues,
      fleetSchedule: { enabled: true, at: '23:15', window: 120 },
      sweepConcurrency: 40,
      maxSweepConcurrency: 0,
      hostLimit: { perHost: 4, tag: null },
      spreadSeconds: 0,
      sweepLimits: { deadlineMs: 600_000, itemMs: 20_000 },
      fanOut: 'essential',
    })
  })

  it.each([
    ['PRECHECK_SCHEDULE_AT', '24:00'],
    ['PRECHECK_SCHEDULE_AT', '2am'],
    ['PRECHECK_SCHEDULE_WINDOW_MINUTES', '0'],
    ['PRECHECK_SCHEDULE_WINDOW_MINUTES', '721'],
    ['PRECHECK_SCHEDULE_ENABLED', 'maybe'],
    ['PRECHECK_SWEEP_CONCURRENCY', '0'],
    ['PRECHECK_SWEEP_DEADLINE_SECONDS', '3601'],
    ['PRECHECK_SWEEP_PER_HOST', '101'],
  ])('take no schedule that makes no sense: %s=%s', (name, value) => {
    expect(() => readFcSettings(ScheduleSettings, { ...account, ...tables, [name]: value })).toThrow(name)
  })

  it.each([
    ['kms:team-webhook-key', true],
    ['env:PRECHECK_SECRET_WEBHOOK_KEY', true],
    ['kms:precheck-orders', false],
    ['env:FC_ACCOUNT_ID', false],
    ['file:/run/secrets/key', false],
  ])('take the key of the webhook secrets from %s: %s', (reference, isTaken) => {
    const environment = {
      ...account,
      ...tables,
      PRECHECK_WEBHOOK_KEY: reference,
      PRECHECK_SECRET_WEBHOOK_KEY: 'x',
    }
    const read = () => readFcSettings(NotifySettings, environment)
    if (isTaken) expect(read().webhookKey).toBe(reference)
    else expect(read).toThrow('PRECHECK_WEBHOOK_KEY')
    const previous = () =>
      readFcSettings(NotifySettings, { ...account, ...tables, PRECHECK_WEBHOOK_KEY_PREVIOUS: reference })
    if (!isTaken) return expect(previous).toThrow('PRECHECK_WEBHOOK_KEY_PREVIOUS')
    expect(previous().previousWebhookKey).toBe(reference)
    expect(previous().keptSecrets).toEqual(['kms:backup-precheck-webhook-key', reference])
  })

  const mails = {
    PRECHECK_SMTP_URL: 'smtps://mailer%40example.com@smtp.example.com',
    PRECHECK_SMTP_FROM: 'precheck@example.com',
    PRECHECK_SMTP_CREDENTIAL: 'kms:precheck-webhook-smtp',
  }
  const withMail = (over: object) =>
    readFcSettings(NotifySettings, { ...account, ...tables, ...mails, ...over })

  it.each([
    [
      mails.PRECHECK_SMTP_URL,
      { host: 'smtp.example.com', port: 465, security: 'tls', user: 'mailer@example.com' },
    ],
    ['smtp://u@[fd00::1]:2525/', { host: 'fd00::1', port: 2525, security: 'starttls', user: 'u' }],
  ])('name the mail server %s', (url, server) => {
    const { mail, keptSecrets } = withMail({ PRECHECK_SMTP_URL: url })
    expect(mail.mailServer).toEqual({ ...server, from: 'precheck@example.com' })
    // Nobody who registers a webhook can have it sent elsewhere.
    expect(keptSecrets).toContain('kms:precheck-webhook-smtp')
  })

  it.each([
    ['a password in the URL', { PRECHECK_SMTP_URL: 'smtps://u:p@smtp.example.com' }, 'without a password'],
    ['another scheme', { PRECHECK_SMTP_URL: 'https://u@smtp.example.com' }, 'must be smtps://HOST'],
    ['a path', { PRECHECK_SMTP_URL: 'smtps://u@smtp.example.com/inbox' }, 'must be smtps://HOST'],
    ['a login without TLS', { PRECHECK_SMTP_URL: 'smtp+plain://u@smtp.example.com' }, 'over TLS alone'],
    [
      'a user without a password',
      { PRECHECK_SMTP_CREDENTIAL: 'none' },
      'PRECHECK_SMTP_CREDENTIAL with USER@',
    ],
    [
      'a password without a user',
      { PRECHECK_SMTP_URL: 'smtps://smtp.example.com' },
      'PRECHECK_SMTP_CREDENTIAL',
    ],
    ['no sender', { PRECHECK_SMTP_FROM: 'none' }, 'needs PRECHECK_SMTP_FROM'],
    ['a sender with a name', { PRECHECK_SMTP_FROM: 'Me <me@example.com>' }, 'must be an address of e-mail'],
    ['the password itself', { PRECHECK_SMTP_CREDENTIAL: 'secret' }, 'where the password is'],
    [
      'the password of a database',
      { PRECHECK_SMTP_CREDENTIAL: 'kms:precheck-orders' },
      'where the password is',
    ],
    ['a console anywhere', { PRECHECK_PUBLIC_URL: 'javascript:alert(1)' }, 'PRECHECK_PUBLIC_URL'],
  ])('refuse for mails %s', (_, over, told) => {
    expect(() => withMail(over)).toThrow(told)
  })

  it('let deliveries go back to the queue that they came from', () => {
    expect(readFcSettings(NotifySettings, { ...account, ...tables }).queues).toEqual({
      notifications: readFcSettings(CollectSettings, { ...account, ...tables }).queues.notifications,
    })
  })

  it('leave the region of an instance open where it is asked about', () => {
    const { ecs, endpoints } = readFcSettings(RunCheckSettings, account)
    expect([ecs.endpoint, endpoints.oss, ...endpoints.service]).toEqual([
      'https://ecs.{region}.aliyuncs.com',
      'https://oss-{region}-internal.aliyuncs.com/',
      'https://hbr-vpc.{region}.aliyuncs.com/',
    ])
  })

  it.each([
    ['run-check', tables],
    ['collect', { PRECHECK_KMS_ENDPOINT: 'https://kms.cn-beijing.aliyuncs.com' }],
    ['notify', { PRECHECK_CHECK_QUEUE: 'precheck-checks' }],
  ] as const)('refuse what %s has no business with', (name, others) => {
    const needed = name === 'run-check' ? account : { ...account, ...tables }
    expect(() => readFcSettings<unknown>(fcSettings[name], needed)).not.toThrow()
    expect(() => readFcSettings<unknown>(fcSettings[name], { ...needed, ...others })).toThrow(
      /unknown setting/,
    )
  })

  it('name every fault at once', () => {
    const environment = {
      PRECHECK_ACCOUNT_ID: 'me',
      PRECHECK_REGION: 'Beijing',
      PRECHECK_TABLESTORE_ENDPOINT: 'http://team.cn-beijing.ots.aliyuncs.com',
      PRECHECK_TABLESTORE_INSTANCE: 'x',
      PRECHECK_RESULT_QUEUE: 'a_b',
      PRECHECK_MNS_ENDPOINT: 'ftp://x',
    }
    expect(() => readFcSettings(ApiSettings, environment)).toThrow(SettingsInvalid)
    for (const name of Object.keys(environment))
      expect(() => readFcSettings(ApiSettings, environment)).toThrow(name)
  })

  it.each([
    ['https://1234567890.mns.cn-beijing.aliyuncs.com', true],
    ['http://127.0.0.1:8080', true],
    ['http://1234567890.mns.cn-beijing-internal.aliyuncs.com', true],
    ['http://1234567890.mns.{region}-internal-vpc.aliyuncs.com', true],
    ['http://1234567890.mns.cn-beijing.aliyuncs.com', false],
    ['http://evil.example/.mns.cn-beijing-internal.aliyuncs.com', false],
    ['http://10.0.0.1', false],
    ['not an address', false],
  ])('take the queues at %s: %s', (address, isTaken) => {
    const read = () => readFcSettings(RunCheckSettings, { ...account, PRECHECK_MNS_ENDPOINT: address })
    if (isTaken) expect(read().mns).toHaveProperty('endpoint', address.replace('{region}', 'cn-beijing'))
    else expect(read).toThrow(/PRECHECK_MNS_ENDPOINT/)
  })

  it('take no other service over plain HTTP, but on the same machine', () => {
    const read = (PRECHECK_KMS_ENDPOINT: string) =>
      readFcSettings(RunCheckSettings, { ...account, PRECHECK_KMS_ENDPOINT })
    expect(read('http://127.0.0.1:1').kms.endpoint).toBe('http://127.0.0.1:1')
    expect(() => read('http://kms-vpc.cn-beijing.aliyuncs.com')).toThrow(/PRECHECK_KMS_ENDPOINT/)
  })
})
