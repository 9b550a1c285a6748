import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type Server, type Socket, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SmtpServer, smtpSender } from '../../../shared/adapters/smtp/smtp-sender.ts'
import type { Mail } from '../../../shared/webhooks/delivery/mail-sender.ts'
import { nightEvent } from '../../../shared/webhooks/events/event.ts'
import { mailOf } from '../../../shared/webhooks/formats/email.ts'
import { accessibilityFaults, hasBrowser, startBrowser } from '../../support/browser.ts'
import { type Certificates, makeCertificates } from '../../support/certificates.ts'
import { detailsOf, entryOf, missedEntry } from '../../support/nights.ts'
import { runProgram } from '../../support/processes.ts'
import { type SmtpServerProcess, hasSmtpServer, smtpPackage, startSmtp } from '../../support/servers/smtp.ts'
import { pour } from '../../emulators/pour.ts'

const password = 'a pass word'
const recipients = ['dba@example.com', 'backup@example.com']

const event = nightEvent(
  detailsOf([
    entryOf('orders', 'failed', { change: 'changed' }),
    missedEntry('hr'),
    ...Array.from({ length: 15 }, (_, index) => entryOf(`crm-${index}`, 'failed')),
  ]),
  'zh',
)

const mail: Mail = {
  ...mailOf(event, 'https://precheck.example'),
  id: event.id,
  to: recipients,
  limitMs: 30_000,
}

const serverAt = (port: number, security: SmtpServer['security']): SmtpServer => ({
  host: 'localhost',
  port,
  security,
  user: security === 'none' ? null : 'precheck',
  from: 'precheck@example.com',
})

let folder: string
let certificates: Certificates
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'precheck-mail-'))
  certificates = await makeCertificates()
})
afterAll(() => rmSync(folder, { recursive: true }))

describe.skipIf(!hasBrowser)('a mail as it is shown', () => {
  it('can be read by everybody, on a telephone too, and asks nobody for anything', async () => {
    const browser = await startBrowser()
    const page = await browser.newPage({ viewport: { width: 360, height: 640 } })
    const requests: string[] = []
    page.on('request', (request) => requests.push(request.url()))
    await page.setContent(mail.html)
    expect(await accessibilityFaults(page)).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
    expect(await page.locator('h1').innerText()).toBe(mail.subject)
    expect(requests).toEqual([])
    await browser.close()
  })
})

describe.skipIf(!hasSmtpServer)(`a mail over a real server (${smtpPackage})`, () => {
  const modes = ['tls', 'starttls', 'plain'] as const
  const started = new Map<string, SmtpServerProcess>()
  beforeAll(async () => {
    for (const mode of modes)
      started.set(mode, await startSmtp(folder, mode, certificates, ['refused@example.com']))
  })
  afterAll(async () => {
    await Promise.all([...started.values()].map(({ stop }) => stop()))
  })

  const secret = (value: string) => async () => ({ value })
  const sendBy = (
    mode: (typeof modes)[number],
    over: Partial<Mail> = {},
    given = password,
    ca: string | undefined = certificates.ca,
  ) => {
    const server = serverAt(started.get(mode)!.port, mode === 'plain' ? 'none' : mode)
    return smtpSender(server, secret(given), ca === undefined ? {} : { ca })({ ...mail, ...over })
  }

  it.each(modes)('arrives by %s, as text and as HTML that a reader of mails reads', async (mode) => {
    expect(await sendBy(mode)).toEqual({ status: 250, refused: 0 })
    const { from, to, encrypted, user, headers, type, parts, bytes } = started.get(mode)!.mails.at(-1)!
    expect([from, to, encrypted, user]).toEqual([
      'precheck@example.com',
      recipients,
      mode !== 'plain',
      mode === 'plain' ? null : 'precheck',
    ])
    expect(headers).toMatchObject({
      from: 'precheck@example.com',
      to: recipients.join(', '),
      subject: '✘ 备份预检 · 2026-11-22 夜间预检：17 个实例中 17 个有问题',
      'message-id': `<${event.id}@example.com>`,
      'auto-submitted': 'auto-generated',
    })
    expect([type, parts.map((part) => part.type)]).toEqual([
      'multipart/alternative',
      ['text/plain', 'text/html'],
    ])
    for (const { text } of parts) {
      expect(text).toContain('ALTER DATABASE [Sales] SET RECOVERY FULL;')
      expect(text).toContain('https://precheck.example/console/#/nights/2026-11-22')
    }
    // What Gmail does not cut off.
    expect(bytes).toBeLessThan(102 * 1024)
  })

  it('tells that some recipients have it and others were refused', async () => {
    const to = ['dba@example.com', 'refused@example.com']
    expect(await sendBy('starttls', { to })).toEqual({ status: 250, refused: 1 })
    expect(started.get('starttls')!.mails.at(-1)?.to).toEqual(['dba@example.com'])
    expect(await sendBy('starttls', { to: ['refused@example.com'] })).toMatchObject({
      status: 550,
      failure: { code: 'STATUS_REFUSED', detail: expect.stringContaining('nobody has this address') },
    })
  })

  it('is not sent with a login that is refused, and that is told without the password', async () => {
    const before = started.get('tls')!.mails.length
    const answer = await sendBy('tls', {}, 'another one')
    expect(answer).toMatchObject({ status: 535, failure: { code: 'STATUS_REFUSED' } })
    expect(JSON.stringify(answer)).not.toMatch(/another one|YW5vdGhlciBvbmU/)
    expect(started.get('tls')!.mails).toHaveLength(before)
  })

  it('trusts the authorities of NODE_EXTRA_CA_CERTS, which a process is started with', async () => {
    const authority = join(folder, 'authority.pem')
    writeFileSync(authority, certificates.ca)
    const sendWith = async (environment: NodeJS.ProcessEnv) => {
      const port = String(started.get('tls')!.port)
      const variables = { PRECHECK_SECRET_MAIL: password, ...environment }
      return JSON.parse((await runProgram('test/support/send-mail.ts', [port], variables)).output) as unknown
    }
    expect(await sendWith({ NODE_EXTRA_CA_CERTS: authority })).toEqual({ status: 250, refused: 0 })
    expect(await sendWith({})).toMatchObject({ failure: { code: 'TLS_FAILED' } })
  })

  it.each(['tls', 'starttls'] as const)(
    'goes to nobody whose certificate is not trusted, by %s',
    async (mode) => {
      const server = serverAt(started.get(mode)!.port, mode)
      const answer = await smtpSender(server, secret(password))(mail)
      expect(answer).toMatchObject({ status: null, failure: { code: 'TLS_FAILED' } })
    },
  )
})

describe('a mail server that cannot be trusted', () => {
  let heard = ''
  let server: Server
  let answer: (socket: Socket) => void
  const port = () => {
    const address = server.address()
    return typeof address === 'object' && address ? address.port : 0
  }
  beforeAll(async () => {
    server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.on('data', (chunk) => {
        heard += chunk.toString()
      })
      answer(socket)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  afterAll(() => server.close())

  /** Answers each line by what its first word calls for. */
  const saying = (greeting: string, replies: Readonly<Record<string, string>>) => (socket: Socket) => {
    heard = ''
    socket.write(`${greeting}\r\n`)
    socket.on('data', (chunk) => {
      const reply = replies[chunk.toString().slice(0, 4).toUpperCase().trim()]
      if (reply !== undefined) socket.write(`${reply}\r\n`)
    })
  }
  const send = (limitMs: number, security: SmtpServer['security'] = 'starttls') =>
    smtpSender(serverAt(port(), security), async () => ({ value: password }))({ ...mail, limitMs })

  it('gets neither login nor mail when it offers no STARTTLS', async () => {
    answer = saying('220 here', { EHLO: '250-here\r\n250 AUTH PLAIN LOGIN', STAR: '454 not now' })
    expect(await send(30_000)).toMatchObject({ failure: { code: 'TLS_FAILED' } })
    expect(heard).not.toMatch(/AUTH|MAIL|DATA/)
  })

  it.each(['starttls', 'tls'] as const)('is left when the time is over, by %s', async (security) => {
    answer = () => undefined
    expect(await send(50, security)).toMatchObject({ failure: { code: 'TIMED_OUT' } })
  })

  it('is left when it never ends what it says', async () => {
    answer = (socket) => pour(socket, { chunk: Buffer.from('220-'.padEnd(1024, 'x')) })
    expect(await send(30_000)).toMatchObject({
      status: null,
      failure: { code: expect.stringMatching(/^ANSWER/) },
    })
    answer = (socket) => pour(socket, { chunk: Buffer.from(`220-${'x'.repeat(100)}\r\n`) })
    expect(await send(30_000)).toMatchObject({
      status: null,
      failure: { code: expect.stringMatching(/^ANSWER/) },
    })
  })

  it('has what it says cut, on one line', async () => {
    answer = saying('220 here', { EHLO: '250 here', MAIL: `451-\u001b[31m busy\r\n451 ${'x'.repeat(5000)}` })
    const refused = await send(30_000, 'none')
    expect(refused).toMatchObject({ status: 451, failure: { code: 'STATUS_REFUSED' } })
    const { detail } = 'failure' in refused ? refused.failure : { detail: '' }
    expect(detail.length).toBeLessThanOrEqual(200)
    // eslint-disable-next-line no-control-regex
    expect(detail).not.toMatch(/[\u0000-\u001f]/)
  })

  it('is not looked for at an address of metadata', async () => {
    const sender = smtpSender({ ...serverAt(25, 'none'), host: 'mail.example' }, async () => null, {
      lookup: async () => ['100.100.100.200'],
    })
    expect(await sender(mail)).toMatchObject({ failure: { code: 'ADDRESS_REFUSED' } })
  })

  it('gets nothing when its password cannot be read', async () => {
    const sender = smtpSender(serverAt(port(), 'starttls'), async () => ({ unavailable: 'it is not set' }))
    expect(await sender(mail)).toMatchObject({ failure: { code: 'SECRET_UNAVAILABLE' } })
  })
})
