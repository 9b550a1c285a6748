import { mkdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { startBrowser } from '../support/browser.ts'
import { ask } from '../support/service.ts'
import { startStandIns } from '../support/stand-ins.ts'
import { demoFleet } from './fleet.ts'
import { startOnThisMachine } from './services.ts'

/**
 * Takes the pictures of docs/console.md (`npm run pictures`): of the demo with its past, and of more instances on the
 * same stand-ins. Needs Chromium.
 */
const folder = 'docs/console'
const teams = ['orders', 'billing', 'logistics'] as const
const regions = ['cn-hangzhou', 'cn-beijing', 'cn-shanghai'] as const
const engines = ['sqlserver', 'oracle', 'mysql'] as const
const count = 42

const standIns = await startStandIns()
const growing = await startStandIns()
const host = await startOnThisMachine((reference) => demoFleet(standIns, growing, reference).past)
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

const browser = await startBrowser()

const take = async (page: Page, name: string): Promise<void> => {
  // Pictures of what has come to rest.
  await sleep(500)
  await page.screenshot({ path: `${folder}/${name}.png` })
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
  await page.locator('#entries').waitFor()
  await take(page, `night-${language}-${theme}`)
  await context.close()
}

mkdirSync(folder, { recursive: true })
await series('en', 'light')
await series('zh', 'dark')
await browser.close()
await host.stop()
await Promise.all([standIns.close(), growing.close()])
