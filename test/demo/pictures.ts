import { mkdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { startBrowser } from '../support/browser.ts'
import { startEmbedded } from '../support/embedded-service.ts'
import { type Service, ask } from '../support/service.ts'
import { startStandIns } from '../support/stand-ins.ts'
import { demoPassword } from './scenes.ts'

/** Takes the pictures of docs/console.md (`npm run pictures`), of the stand-ins of the demo. Needs Chromium. */
const folder = 'docs/console'
const teams = ['orders', 'billing', 'logistics'] as const
const regions = ['cn-hangzhou', 'cn-beijing', 'cn-shanghai'] as const
const engines = ['sqlserver', 'oracle', 'mysql'] as const
const count = 48

const standIns = await startStandIns()
const service = await startEmbedded({ password: demoPassword })

const of = <Item>(items: readonly [Item, ...Item[]], index: number): Item =>
  items[index % items.length] ?? items[0]

const register = async ({ passwordReference }: Service, index: number): Promise<string> => {
  const engine = of(engines, index)
  const team = of(teams, Math.floor(index / 4))
  const id = `${team}-${engine}-${String(index).padStart(2, '0')}`
  const body = {
    ...standIns.definitionOf(engine, passwordReference),
    region: of(regions, Math.floor(index / 2)),
    tags: { team, tier: of(['gold', 'silver'], index) },
  }
  await ask(service, 'PUT', `/v1/instances/${id}`, { body })
  return id
}

const precheck = (id: string) =>
  ask(service, 'POST', `/v1/instances/${id}/prechecks`, { headers: { prefer: 'wait=60' } })

const ids = await Promise.all(Array.from({ length: count }, (_, index) => register(service, index)))
// Nothing to find on most of them; then some break, and a few were never looked at.
standIns.heal()
for (const id of ids.slice(3)) await precheck(id)
standIns.fix()
for (const id of ids.slice(3, 14)) await precheck(id)

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
  const failing = ids.slice(3, 14).find((id) => id.includes('sqlserver')) ?? ''
  await page.goto(`${service.url}/console/#/instances/${failing}`)
  await page.locator('.finding summary').first().click()
  await page.locator('.matrix button').nth(4).click()
  await take(page, `instance-${language}-${theme}`)
  await page.mouse.wheel(0, 400)
  await take(page, `findings-${language}-${theme}`)
  await page.goto(`${service.url}/console/#/nights`)
  await page.locator('.calendar').waitFor()
  await take(page, `nights-${language}-${theme}`)
  await context.close()
}

mkdirSync(folder, { recursive: true })
await series('en', 'light')
await series('zh', 'dark')
await browser.close()
await service.close()
await standIns.close()
