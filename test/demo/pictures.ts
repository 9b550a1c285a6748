import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { startBrowser } from '../support/browser.ts'
import { makeCertificates } from '../support/certificates.ts'
import { startReceiver } from '../support/receiver.ts'
import { startSmtp } from '../support/servers/smtp.ts'
import { ask } from '../support/service.ts'
import { startStandIns } from '../support/stand-ins.ts'
import { demoFleet, demoNights } from './fleet.ts'
import type { FleetPast } from './past.ts'
import { startOnThisMachine } from './services.ts'

/**
 * Takes the pictures of docs/console.md and docs/webhooks.md (`npm run pictures`): of the demo with its past, and of
 * more instances on the same stand-ins. Needs Chromium and python3-aiosmtpd.
 */
const folder = 'docs/console'
const teams = ['orders', 'billing', 'logistics'] as const
const regions = ['cn-hangzhou', 'cn-beijing', 'cn-shanghai'] as const
const engines = ['sqlserver', 'oracle', 'mysql'] as const
const count = 42

const standIns = await startStandIns()
const growing = await startStandIns()
const mailFolder = mkdtempSync(join(tmpdir(), 'precheck-pictures-'))
const mailServer = await startSmtp(mailFolder, 'plain', await makeCertificates())
const webhooks = (['en', 'zh'] as const).map((locale) => ({
  url: `mailto:dba-${locale}@example.com`,
  format: 'email' as const,
  events: ['night.digest' as const],
  locale,
}))
/** The past of the demo, in which one night finds what its scenes are broken by. */
const pastOf = (reference: string): FleetPast => {
  const { past } = demoFleet(standIns, growing, reference)
  const become = (night: number): void => (night === demoNights - 2 ? standIns.fix() : past.become(night))
  return { ...past, become, webhooks }
}
const host = await startOnThisMachine(pastOf, {
  PRECHECK_SMTP_URL: `smtp+plain://127.0.0.1:${mailServer.port}`,
  PRECHECK_SMTP_FROM: 'precheck@example.com',
  PRECHECK_PUBLIC_URL: 'https://precheck.example',
})
const service = { url: host.url, token: readFileSync(host.tokenFile, 'utf8').trim() }

const of = <Item>(items: readonly [Item, ...Item[]], index: number): Item =>
  items[index % items.length] ?? items[0]

const register = async (index: number): Promise<string> => {
  const engine = of(engines, index)
  const team = of(teams, Math.floor(index / 4))
  const id = `${team}-${engine}-${String(index).padStart(2, '0')}`
  const body = {
    ...standIns.definitionOf(engine, host.passwordReference),
    region: of(regions, Math.floor(index / 2)),
    tags: { team, tier: of(['gold', 'silver'], index) },
  }
  await ask(service, 'PUT', `/v1/instances/${id}`, { body })
  return id
}

const precheck = (id: string) =>
  ask(service, 'POST', `/v1/instances/${id}/prechecks`, { headers: { prefer: 'wait=60' } })

const ids = await Promise.all(Array.from({ length: count }, (_, index) => register(index)))
// Nothing to find on most of them; then some break, and a few were never looked at.
standIns.heal()
for (const id of ids.slice(3)) await precheck(id)
standIns.fix()
for (const id of [...ids.slice(3, 14), 'demo-sqlserver', 'demo-oracle']) await precheck(id)

/** Webhooks that were told something, policies and tokens, so that there is something to see. */
const receiver = await startReceiver()
receiver.reply((call) => ({ status: call === 2 ? 500 : 204 }))
const webhook = { url: `${receiver.url}/hooks/precheck`, description: 'on call' }
const webhookId = (await ask(service, 'POST', '/v1/webhooks', { body: webhook })).json.id
for (const _ of [1, 2]) {
  await ask(service, 'POST', `/v1/webhooks/${webhookId}/test`)
  await sleep(1000)
}
const policies = {
  gold: { appliesTo: { tags: { tier: 'gold' } }, thresholds: { logBackupMaxAgeMinutes: 15 } },
  sales: {
    appliesTo: { databases: 'Sales*' },
    thresholds: { fullBackupMaxAgeHours: 24, exposureMaxMinutes: 60 },
  },
}
for (const [name, body] of Object.entries(policies)) {
  await ask(service, 'PUT', `/v1/policies/${name}`, { body })
}
await ask(service, 'POST', '/v1/tokens', { body: { name: 'nightly-jobs', scope: 'run', expiresInDays: 90 } })
await ask(service, 'POST', '/v1/tokens', { body: { name: 'auditor', scope: 'read' } })

const browser = await startBrowser()

const take = async (page: Page, name: string): Promise<void> => {
  // Pictures of what has come to rest.
  await sleep(500)
  await page.screenshot({ path: `${folder}/${name}.png` })
}

/** A list with one that is new, one that is registered and one with a fault. */
const list = `id,engine,region,connection.host,connection.credential.username,connection.credential.password
payroll-db,mysql,cn-hangzhou,10.0.0.9,precheck,${host.passwordReference}
demo-mysql,mysql,cn-hangzhou,10.0.0.10,precheck,${host.passwordReference}
archive-db,mysql,hangzhou,10.0.0.11,precheck,${host.passwordReference}
`

/** The pages where the service is set up. */
const administration = async (page: Page, appearance: string): Promise<void> => {
  const open = (address: string) => page.goto(`${service.url}/console/#/${address}`)
  const takeTable = async (name: string): Promise<void> => {
    await page.locator('main table').first().waitFor()
    await take(page, `${name}-${appearance}`)
  }
  await open(`webhooks/${webhookId}`)
  await page.locator('main details summary').first().click()
  await takeTable('webhook')
  await open('new-webhook')
  await page.locator('#field-url').fill('https://169.254.169.254/latest')
  await page.locator('.fault').first().waitFor()
  await take(page, `new-webhook-${appearance}`)
  await open('tokens')
  await takeTable('tokens')
  await open('policies')
  await takeTable('policies')
  await open('check-items?q=backup&engine=oracle')
  await takeTable('check-items')
  await open('check-items/ARCHIVELOG')
  await page.locator('main dl').waitFor()
  await take(page, `check-item-${appearance}`)
  await open('register')
  await page.locator('#field-id').fill('payroll-db')
  await page.locator('#field-region').fill('hangzhou')
  await page.locator('.fault').first().waitFor()
  await take(page, `register-${appearance}`)
  await open('import')
  await page.locator('#pasted').fill(list)
  await page.locator('main button[type=submit]').click()
  await page.locator('#preview ~ p button.first').waitFor()
  await page.locator('#pasted').evaluate('(pasted) => pasted.scrollIntoView()')
  await takeTable('import')
}

const series = async (language: 'en' | 'zh', theme: 'light' | 'dark'): Promise<void> => {
  const context = await browser.newContext({
    viewport: { width: 1200, height: 800 },
    locale: language === 'zh' ? 'zh-CN' : 'en-GB',
    colorScheme: theme,
  })
  const page = await context.newPage()
  await page.goto(`${service.url}/console/`)
  await page.locator('input[name=token]').waitFor()
  await take(page, `sign-in-${language}-${theme}`)
  await page.locator('input[name=token]').fill(service.token)
  await page.locator('button[type=submit]').click()
  await page.goto(`${service.url}/console/#/fleet?group=region`)
  await page.getByRole('grid').waitFor()
  await take(page, `fleet-${language}-${theme}`)
  await page.goto(`${service.url}/console/#/instances/demo-sqlserver`)
  await page.locator('.finding summary').first().click()
  await page.locator('.matrix button').nth(4).click()
  await take(page, `instance-${language}-${theme}`)
  await page.mouse.wheel(0, 400)
  await take(page, `findings-${language}-${theme}`)
  await page.goto(`${service.url}/console/#/instances/demo-sqlserver/past`)
  await page.locator('.strip li').first().waitFor()
  await take(page, `history-${language}-${theme}`)
  await page.goto(`${service.url}/console/#/instances/billing-oracle/past`)
  await page.locator('#numbers').scrollIntoViewIfNeeded()
  await page.locator('.chart').first().waitFor()
  await page.locator('#compare').evaluate('(compare) => compare.scrollIntoView()')
  await take(page, `numbers-${language}-${theme}`)
  await page.goto(`${service.url}/console/#/instances/demo-sqlserver/setup`)
  await page.locator('#validation').waitFor()
  await take(page, `setup-${language}-${theme}`)
  await page.goto(`${service.url}/console/#/nights`)
  await page.locator('.calendar').waitFor()
  await take(page, `nights-${language}-${theme}`)
  await page.locator('.night:has(.bad) a').first().click()
  await page.getByRole('table').waitFor()
  await take(page, `night-${language}-${theme}`)
  await administration(page, `${language}-${theme}`)
  await context.close()
}

/** The digest of the night with the most to tell, as a mail program shows what the mail server got. */
const takeDigest = async (language: 'en' | 'zh'): Promise<void> => {
  const ofReader = () => mailServer.mails.filter(({ to }) => to.includes(`dba-${language}@example.com`))
  while (ofReader().length < demoNights) await sleep(200)
  const fullest = ofReader()
    .toSorted((one, other) => one.bytes - other.bytes)
    .at(-1)
  const html = fullest?.parts.find(({ type }) => type === 'text/html')?.text
  if (html === undefined) throw new Error('no digest came')
  const page = await browser.newPage({ viewport: { width: 720, height: 200 } })
  await page.setContent(html)
  await page.screenshot({ path: `docs/digest-${language}.png`, fullPage: true })
  await page.close()
}

mkdirSync(folder, { recursive: true })
await takeDigest('en')
await takeDigest('zh')
await series('en', 'light')
await series('zh', 'dark')
await browser.close()
await host.stop()
await receiver.close()
await mailServer.stop()
rmSync(mailFolder, { recursive: true })
await Promise.all([standIns.close(), growing.close()])
