import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { demoPassword } from '../demo/scenes.ts'
import { accessibilityFaults, hasBrowser, startBrowser, watchedPage } from '../support/browser.ts'
import { startCloudInHaste } from '../support/cloud-service.ts'
import { startEmbedded } from '../support/embedded-service.ts'
import { database, systemDatabases } from '../support/facts/sqlserver.ts'
import { largeFleet } from '../support/large-fleet.ts'
import { type Service, type StartService, ask } from '../support/service.ts'
import { type StandIns, startStandIns } from '../support/stand-ins.ts'

/** Names that would run if anybody took them for markup. */
const hostile = '<img src=x onerror="globalThis.pwned=1">'
const closing = '"></a><script>globalThis.pwned=1</script>'

const desktop = { viewport: { width: 1440, height: 900 }, locale: 'en-GB' }

let browser: Browser
let standIns: StandIns

/** The pages of a test, which are closed after it, and what went wrong on them. */
const opened: { context: BrowserContext; faults: string[] }[] = []

const open = async (service: Service, options: object = {}): Promise<Page> => {
  const context = await browser.newContext({ ...desktop, ...options })
  const { page, faults } = await watchedPage(context, service.url)
  opened.push({ context, faults })
  await page.goto(`${service.url}/console/`)
  await page.getByLabel('Token').waitFor()
  return page
}

const signIn = async (page: Page, token: string): Promise<void> => {
  await page.getByLabel('Token').fill(token)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { level: 1, name: 'Fleet' }).waitFor()
}

const signedIn = async (service: Service, options: object = {}): Promise<Page> => {
  const page = await open(service, options)
  await signIn(page, service.token)
  return page
}

const tokenOf = async (service: Service, name: string, scope: string) =>
  (await ask(service, 'POST', '/v1/tokens', { body: { name, scope } })).json

const register = (service: Service, id: string, changes: object = {}) =>
  ask(service, 'PUT', `/v1/instances/${id}`, {
    body: { ...standIns.definitionOf('sqlserver', service.passwordReference), ...changes },
  })

const precheck = (service: Service, id: string) =>
  ask(service, 'POST', `/v1/instances/${id}/prechecks`, { headers: { prefer: 'wait=60' } })

const finding = (page: Page, text: string): Locator => page.locator('.finding').filter({ hasText: text })

/** Presses Tab until something has the focus, as somebody without a pointer does. */
const tabTo = async (page: Page, target: Locator): Promise<void> => {
  for (let presses = 0; presses < 200; presses += 1) {
    if ((await target.and(page.locator(':focus')).count()) > 0) return
    await page.keyboard.press('Tab')
  }
  throw new Error('the keyboard does not get there')
}

const everyPage = ['#/fleet', '#/instances/failing', '#/nights', '#/nowhere'] as const

/** What every kind of ports shows. */
const consoleContract = (name: string, start: StartService): void => {
  describe.skipIf(!hasBrowser)(`the console on ${name}`, () => {
    let service: Service

    beforeAll(async () => {
      service = await start({ password: demoPassword })
      await register(service, 'failing', { tags: { team: 'orders' } })
      await register(service, 'never-checked')
      await precheck(service, 'failing')
    })
    afterAll(() => service.close())

    it('takes a token once, and keeps nothing of it that scripts can read', async () => {
      const page = await open(service)
      await page.getByLabel('Token').fill('bp_0000000000000000_wrong')
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.getByText('This token is not right').waitFor()
      await signIn(page, service.token)
      const readable = await page.evaluate('[document.cookie, JSON.stringify({ ...localStorage })]')
      expect(readable).toEqual(['', '{}'])
      const cookies = await page.context().cookies()
      expect(cookies).toMatchObject([{ name: 'precheck', httpOnly: true, sameSite: 'Strict', path: '/' }])
      await page.reload()
      await page.getByRole('heading', { level: 1, name: 'Fleet' }).waitFor()
      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.getByLabel('Token').waitFor()
      await page.reload()
      await page.getByLabel('Token').waitFor()
    })

    it('finds what failed by a link that can be sent, says why, and how to fix it', async () => {
      const page = await signedIn(service)
      await page.getByRole('button', { name: /Failed/ }).click()
      await page.getByLabel('Search ids and tags').fill('ORDERS')
      await page.getByText('1 of 2 instances').waitFor()
      const link = page.url()
      expect(new URL(link).hash).toBe('#/fleet?outcome=failed&q=ORDERS')
      await page.goto('about:blank')
      await page.goto(link)
      await page.getByText('1 of 2 instances').waitFor()
      await page
        .getByRole('gridcell')
        .getByRole('link', { name: /^failing, Failed/ })
        .click()
      await page.getByText('Failed: something planned would not work.').waitFor()
      const row = page.getByRole('row', { name: /^Reporting \[old\]/ })
      await row.getByRole('button', { name: 'Blocked' }).first().click()
      await page.locator('#why').getByText('uses the SIMPLE recovery model').waitFor()
      const offline = finding(page, 'Archive2019 is OFFLINE. Bring it online')
      await offline.getByText('How to fix it').click()
      expect(await offline.locator('pre').first().textContent()).toContain('[Archive2019]')
      const download = page.waitForEvent('download')
      await page.getByRole('link', { name: 'Download remediation.sql' }).click()
      expect((await download).suggestedFilename()).toBe('failing-remediation.sql')
    })

    it('prechecks with progress that survives a reload', async () => {
      await register(service, 'fresh')
      const page = await signedIn(service)
      await page
        .getByRole('gridcell')
        .getByRole('link', { name: /^fresh/ })
        .click()
      await page.getByText('There is no result yet.').waitFor()
      await page.getByRole('button', { name: 'Precheck now' }).click()
      await page.reload()
      await page.getByRole('heading', { name: /Last precheck result/ }).waitFor()
      await page.getByRole('heading', { level: 2, name: 'History' }).waitFor()
      await page.getByRole('link', { name: 'Fleet', exact: true }).click()
      await page
        .getByRole('gridcell')
        .getByRole('link', { name: /^fresh, Failed/ })
        .waitFor()
    })

    it('shows names of databases, tags and tokens as they are, whatever they hold', async () => {
      standIns.become({
        sqlServer: {
          databases: [
            ...systemDatabases,
            database(5, hostile),
            database(6, closing, { state_desc: 'OFFLINE' }),
          ],
        },
      })
      await register(service, 'hostile', { tags: { [hostile]: closing } })
      await precheck(service, 'hostile')
      standIns.fix()
      const { token } = await tokenOf(service, '<b>dba</b>', 'run')
      const page = await open(service)
      await signIn(page, token)
      await page.getByText('<b>dba</b> (run)').waitFor()
      await page.locator('tbody small', { hasText: `${hostile}:${closing}` }).waitFor()
      await page.goto(`${service.url}/console/#/instances/hostile`)
      await page.getByRole('row', { name: hostile }).waitFor()
      await finding(page, closing).first().waitFor()
      await page.goto(
        `${service.url}/console/#/instances/${encodeURIComponent(hostile)}?q=${encodeURIComponent(closing)}`,
      )
      await page.getByRole('heading', { level: 1, name: hostile }).waitFor()
      expect(await page.evaluate(() => 'pwned' in globalThis)).toBe(false)
    })

    it('lets a token of scope read look, and nothing else', async () => {
      const { token } = await tokenOf(service, 'auditor', 'read')
      const page = await open(service)
      await signIn(page, token)
      await page.goto(`${service.url}/console/#/instances/failing`)
      await page.getByText('Your token may look only').waitFor()
      await finding(page, 'Archive2019 is OFFLINE. Bring it online').waitFor()
      expect(await page.getByRole('button', { name: /Precheck now|Acknowledge/ }).count()).toBe(0)
    })

    it('asks to sign in again when the token is revoked, and keeps what is on the page', async () => {
      const { id, token } = await tokenOf(service, 'leaving', 'run')
      const page = await open(service)
      await signIn(page, token)
      await page.goto(`${service.url}/console/#/instances/failing`)
      const offline = finding(page, 'Archive2019 is OFFLINE. Bring it online')
      await offline.getByRole('button', { name: 'Acknowledge' }).click()
      await offline.getByLabel('Reason').fill('half a sentence')
      await ask(service, 'DELETE', `/v1/tokens/${id}`)
      await offline.getByRole('button', { name: 'Save' }).click()
      await page.getByText('Your session is over').waitFor()
      await page.getByLabel('Token').fill(service.token)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.getByText('Your session is over').waitFor({ state: 'detached' })
      expect(await offline.getByLabel('Reason').inputValue()).toBe('half a sentence')
    })
  })
}

beforeAll(async () => {
  if (!hasBrowser) return
  browser = await startBrowser()
  standIns = await startStandIns()
})
afterAll(async () => {
  if (!hasBrowser) return
  await browser.close()
  await standIns.close()
})
beforeEach(() => {
  opened.length = 0
})
afterEach(async () => {
  for (const { context } of opened) await context.close()
  // No fault of a script, nothing that the policy refused, and nobody else was asked.
  const all = opened.flatMap(({ faults }) => faults)
  if (all.length > 0) throw new Error(all.join('\n'))
})

consoleContract('the embedded ports', startEmbedded)
consoleContract('the cloud ports', startCloudInHaste)

describe.skipIf(!hasBrowser)('the pages of the console', () => {
  let service: Service

  beforeAll(async () => {
    service = await startEmbedded({ password: demoPassword })
    await register(service, 'failing', { tags: { team: 'orders' } })
    await precheck(service, 'failing')
  })
  afterAll(() => service.close())

  it('can be used by everybody: every page, both languages, both themes', async () => {
    const page = await open(service, { viewport: { width: 360, height: 800 } })
    expect(await accessibilityFaults(page)).toEqual([])
    await signIn(page, service.token)
    for (const language of ['English', '中文'] as const) {
      for (const dark of [/^(Dark|深色)$/, /^(Light|浅色)$/]) {
        for (const address of everyPage) {
          await page.goto(`${service.url}/console/${address}`)
          await page.locator('main p, main h1').first().waitFor()
          if (address.includes('failing')) await page.locator('.finding').first().waitFor()
          expect([language, address, await accessibilityFaults(page)]).toEqual([language, address, []])
          const width = await page.evaluate('document.documentElement.scrollWidth')
          expect([address, width]).toEqual([address, 360])
        }
        await page.getByRole('button', { name: dark }).click()
      }
      await page.getByRole('button', { name: /^(中文|English)$/ }).click()
    }
  })

  it('are found wanting by axe where they are', async () => {
    const page = await open(service)
    await page.evaluate("document.querySelector('main').append(new Image())")
    expect((await accessibilityFaults(page)).join()).toContain('image-alt')
  })

  it('switch their language at once, and remember it', async () => {
    const page = await signedIn(service)
    await page.goto(`${service.url}/console/#/instances/failing`)
    await page.getByRole('button', { name: '中文' }).click()
    await page.getByText('上次预检查结果').waitFor()
    await page.getByText('Archive2019 处于 OFFLINE 状态').first().waitFor()
    expect(await page.evaluate('document.documentElement.lang')).toBe('zh-Hans')
    await page.reload()
    await page.getByText('上次预检查结果').waitFor()
  })

  it('are enough for a keyboard: find what failed, read why, copy the fix, acknowledge, precheck again', async () => {
    const page = await signedIn(service)
    await tabTo(page, page.getByRole('gridcell').getByRole('link').first())
    await page.keyboard.press('End')
    await page.keyboard.press('Home')
    await page.keyboard.press('Enter')
    const why = page
      .getByRole('row', { name: /^Archive2019/ })
      .getByRole('button')
      .first()
    await why.waitFor()
    await tabTo(page, why)
    await page.keyboard.press('Space')
    await page.locator('#why').getByText('Archive2019 is OFFLINE').waitFor()
    const offline = finding(page, 'Archive2019 is OFFLINE. Bring it online')
    await tabTo(page, offline.locator('summary'))
    await page.keyboard.press('Enter')
    await tabTo(page, offline.getByRole('button', { name: 'Copy' }).first())
    await page.keyboard.press('Enter')
    await offline
      .getByText(/Copied|Selected/)
      .first()
      .waitFor()
    const simple = finding(page, 'Reporting [old] uses the SIMPLE')
    await tabTo(page, simple.getByRole('button', { name: 'Acknowledge' }))
    await page.keyboard.press('Enter')
    await tabTo(page, simple.getByLabel('Reason'))
    await page.keyboard.type('to be dropped')
    await page.keyboard.press('Enter')
    await simple.getByText('it counts as a warning from the next precheck on').waitFor()
    const again = page.getByRole('button', { name: 'Precheck now' })
    await again.focus()
    await page.keyboard.press('Enter')
    await simple.getByText('to be dropped').waitFor()
  })

  it('say so when the service does not answer, and keep what they show', async () => {
    const page = await signedIn(service)
    await page.goto(`${service.url}/console/#/instances/failing`)
    await finding(page, 'Archive2019 is OFFLINE. Bring it online').waitFor()
    await page.context().setOffline(true)
    await page.clock.install()
    await page.getByRole('link', { name: 'Nights' }).click()
    await page.getByText('The service does not answer').first().waitFor()
    await page.context().setOffline(false)
    await page.getByRole('button', { name: 'Try again' }).first().click()
    await page.locator('.calendar').waitFor()
    // The browser writes a line for each request without an answer.
    opened[0]!.faults.length = 0
  })

  it('hold 10,000 instances, and draw no more than can be seen', async () => {
    const fleet = largeFleet(10_000)
    const page = await open(service)
    await page.route('**/v1/fleet', (route) => route.fulfill({ json: fleet }))
    await signIn(page, service.token)
    await page.getByText('10000 of 10000 instances').waitFor()
    const cells = page.getByRole('gridcell')
    expect(await cells.count()).toBeLessThan(1500)
    await page.getByRole('grid').hover()
    await page.mouse.wheel(0, 1_000_000)
    await cells.getByRole('link', { name: /^instance-09997, Passed/ }).waitFor()
    expect(await cells.count()).toBeLessThan(1500)
    await page.getByLabel('Search ids and tags').fill('09998')
    await page.getByText('1 of 10000 instances').waitFor()
    expect(await cells.count()).toBe(1)
  })
})
