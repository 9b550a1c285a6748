import { readFileSync } from 'node:fs'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoPassword } from '../demo/scenes.ts'
import { accessibilityFaults, hasBrowser } from '../support/browser.ts'
import { startCloudInHaste } from '../support/cloud-service.ts'
import { administration, consoleInTests } from '../support/console.ts'
import { startEmbedded } from '../support/embedded-service.ts'
import { database, systemDatabases } from '../support/facts/sqlserver.ts'
import { largeFleet } from '../support/large-fleet.ts'
import { runsAll, someOf } from '../support/property-runs.ts'
import { type Service, type StartService, ask } from '../support/service.ts'
import { type StandIns, startStandIns } from '../support/stand-ins.ts'

/** Names that would run if anybody took them for markup. */
const hostile = '<img src=x onerror="globalThis.pwned=1">'
const closing = '"></a><script>globalThis.pwned=1</script>'

const hourMs = 60 * 60 * 1000
const dayMs = 24 * hourMs

let standIns: StandIns

const { open, signIn, signedIn, forgive } = consoleInTests()

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

const everyPage = [
  '#/fleet',
  '#/instances/failing',
  '#/instances/failing/past',
  '#/instances/failing/setup',
  '#/nights',
  '#/nights/last-night',
  '#/nowhere',
] as const

const everyAppearance = [
  ['en-GB', 'light'],
  ['en-GB', 'dark'],
  ['zh-CN', 'dark'],
  ['zh-CN', 'light'],
] as const

/** Those that a short run looks at hold every language and every theme. */
const appearances = someOf(everyAppearance, 2)

/** Links of navigations that are too low for a finger, whatever comes to stand beside them (WCAG 2.2, 2.5.8: 24 px). */
const lowLinks = async (page: Page): Promise<readonly string[]> => {
  const links = await page.locator('nav a').all()
  const heights = await Promise.all(links.map(async (link) => (await link.boundingBox())?.height ?? 0))
  return heights.filter((height) => height < 24).map((height) => `${height} px`)
}

/** Every page on every screen. */
const everyWidth = [...everyPage, ...administration].flatMap((address) =>
  [1440, 768, 360].map((width) => [address, width] as const),
)

/** Where pictures of pages are kept. */
const pictures = 'dist/pictures'

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

    describe('to who looks', () => {
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
        await offline.getByRole('button', { name: 'Copy with steps' }).click()
        await offline.getByText(/Copied|Selected/).waitFor()
        const download = page.waitForEvent('download')
        await page.getByRole('link', { name: 'Download remediation.sql' }).click()
        expect((await download).suggestedFilename()).toBe('failing-remediation.sql')
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
        for (const part of ['past', 'setup']) {
          await page.goto(`${service.url}/console/#/instances/hostile/${part}`)
          await page.getByRole('heading', { level: 2 }).last().waitFor()
        }
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
        await page.getByRole('link', { name: 'Schedule and access' }).click()
        await page.getByText('It has not been validated.').waitFor()
        await page.getByText('Your token may not change this').waitFor()
        expect(await page.getByRole('button', { name: /Change|Add|Remove|Withdraw|Validate/ }).count()).toBe(
          0,
        )
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
      await page.getByRole('link', { name: 'History and numbers' }).click()
      await page.locator('.strip .request').waitFor()
      await page.getByRole('link', { name: 'Fleet', exact: true }).click()
      await page
        .getByRole('gridcell')
        .getByRole('link', { name: /^fresh, Failed/ })
        .waitFor()
    })
  })
}

beforeAll(async () => {
  if (hasBrowser) standIns = await startStandIns()
})
afterAll(async () => {
  if (hasBrowser) await standIns.close()
})

consoleContract('the embedded ports', startEmbedded)
// It is the same there; what the function serves of it, functions/api and bundles.test.ts hold.
if (runsAll) consoleContract('the cloud ports', startCloudInHaste)

describe.skipIf(!hasBrowser)('the pages of the console', () => {
  let service: Service
  let lastNight: string
  const addressOf = (address: string): string =>
    `${service.url}/console/${address.replace('last-night', lastNight)}`

  beforeAll(async () => {
    service = await startEmbedded({ password: demoPassword })
    await register(service, 'failing', { tags: { team: 'orders' } })
    await precheck(service, 'failing')
    // As if nobody had looked for a day: the night before was missed.
    await service.setClock(new Date(Date.now() - 1.5 * dayMs))
    await service.tick()
    lastNight = (await ask(service, 'GET', '/v1/sweeps')).json.items[0]!.id
  })
  afterAll(() => service.close())

  it.each(appearances)('can be used by everybody: every page in %s, %s', async (locale, colorScheme) => {
    const page = await open(service, { viewport: { width: 360, height: 800 }, locale, colorScheme })
    expect(await accessibilityFaults(page)).toEqual([])
    await page.locator('input[name=token]').fill(service.token)
    await page.locator('button[type=submit]').click()
    await page.locator('.wall').waitFor()
    for (const address of everyPage) {
      await page.goto(addressOf(address))
      await page.locator('main p, main h1').first().waitFor()
      if (address.endsWith('failing')) await page.locator('.finding').first().waitFor()
      if (address.includes('/past')) await page.locator('.charts li').first().waitFor()
      expect([address, await accessibilityFaults(page)]).toEqual([address, []])
      const width = await page.evaluate('document.documentElement.scrollWidth')
      expect([address, width]).toEqual([address, 360])
      expect([address, await lowLinks(page)]).toEqual([address, []])
    }
  })

  it.runIf(runsAll).each(everyAppearance)(
    'fit every width, as their pictures show: %s, %s',
    async (locale, colorScheme) => {
      for (const [address, width] of everyWidth) {
        const page = await signedIn(service, { viewport: { width, height: 900 }, locale, colorScheme })
        await page.goto(addressOf(address))
        await page.locator('main p, main h1').first().waitFor()
        await expect.poll(() => page.getByText(/^(Loading|正在加载)/).count()).toBe(0)
        const named = address.replaceAll(/[^a-z0-9]+/g, '-').slice(1)
        const name = [named, locale.slice(0, 2), colorScheme, width].join('-')
        await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true })
        const shown = await page.evaluate('document.documentElement.scrollWidth')
        expect([address, shown]).toEqual([address, width])
      }
    },
  )

  it('are found wanting by axe where they are', async () => {
    const page = await open(service)
    await page.evaluate("document.querySelector('main').append(new Image())")
    expect((await accessibilityFaults(page)).join()).toContain('image-alt')
  })

  it('switch their language at once, and remember it', async () => {
    const page = await signedIn(service)
    await page.goto(`${service.url}/console/#/instances/failing`)
    await page.getByRole('button', { name: '中文' }).click()
    await page.getByText('上次预检结果').waitFor()
    await page.getByText('Archive2019 处于 OFFLINE 状态').first().waitFor()
    expect(await page.evaluate('document.documentElement.lang')).toBe('zh-Hans')
    await page.reload()
    await page.getByText('上次预检结果').waitFor()
  })

  it.runIf(runsAll)(
    'show times on the clock of the browser or in UTC, remember which, and take them so',
    async () => {
      await register(service, 'zoned')
      const page = await signedIn(service, { timezoneId: 'Asia/Kolkata' })
      await page.goto(`${service.url}/console/#/instances/failing`)
      const when = page.locator('.verdict p[title]')
      const shown = async () => (await when.textContent()) ?? ''
      await when.waitFor()
      const title = (await when.getAttribute('title')) ?? ''
      const [utc = ''] = /\d{4}-\d\d-\d\dT.*Z/.exec(title) ?? []
      const inIndia = new Date(Date.parse(utc) + 5.5 * hourMs).toISOString()
      expect(await shown()).toContain(inIndia.slice(11, 16))
      await page.getByRole('button', { name: 'UTC' }).click()
      await page.getByRole('button', { name: 'Local time' }).waitFor()
      expect(await shown()).toContain(`${utc.slice(11, 16)} UTC`)
      expect(await when.getAttribute('title')).toBe(title)
      await page.goto(`${service.url}/console/#/instances/zoned/setup`)
      await page.reload()
      await page.getByRole('button', { name: 'Add a window' }).click()
      await page.getByLabel('From').fill('2030-01-05T10:00')
      await page.getByLabel('Until').fill('2030-01-05T12:00')
      await page.getByLabel('Reason').fill('patch day')
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByText('5 Jan 2030, 10:00 UTC to 5 Jan 2030, 12:00 UTC').waitFor()
      const { definition } = (await ask(service, 'GET', '/v1/instances/zoned')).json
      expect(definition).toMatchObject({ maintenanceWindows: [{ from: '2030-01-05T10:00:00.000Z' }] })
      await ask(service, 'DELETE', '/v1/instances/zoned')
    },
  )

  it.runIf(runsAll)('are printed as a report: light, with every fix, and when it was', async () => {
    const page = await signedIn(service, { colorScheme: 'dark' })
    await page.goto(`${service.url}/console/#/instances/failing`)
    const fix = finding(page, 'Archive2019 is OFFLINE. Bring it online').locator('pre').first()
    await fix.waitFor({ state: 'hidden' })
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    await fix.waitFor()
    expect(
      await page.locator('header, label, button:not(.matrix button)').filter({ visible: true }).count(),
    ).toBe(0)
    expect(await page.evaluate('getComputedStyle(document.body).color')).toBe('rgb(26, 32, 39)')
    expect(
      await page.evaluate("getComputedStyle(document.querySelector('.verdict [title]'), '::after').content"),
    ).toMatch(/title|Z/)
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
    await tabTo(page, page.getByRole('button', { name: 'Precheck now' }))
    await page.keyboard.press('Enter')
    await simple.getByText('to be dropped').waitFor()
  })

  it.runIf(runsAll)('lead to an instance by some letters of its id', async () => {
    const page = await signedIn(service)
    await page.goto(`${service.url}/console/#/nights`)
    await page.locator('.calendar').waitFor()
    await page.keyboard.press('/')
    await page.getByRole('combobox').fill('AIL')
    await page.getByRole('option', { name: /^failing/ }).waitFor()
    expect(await accessibilityFaults(page)).toEqual([])
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'failing' }).waitFor()
  })

  it('precheck those that are chosen, and say which could not be started and why', async () => {
    await register(service, 'many-1')
    await register(service, 'many-2')
    await register(service, 'many-gone')
    const page = await signedIn(service)
    await page.getByLabel('Search ids and tags').fill('many')
    await page.getByText('3 of 4 instances').waitFor()
    await page.getByRole('button', { name: 'Precheck all 3 shown' }).click()
    await page.getByText('3 prechecks will be started.').waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    const cells = page.getByRole('gridcell').getByRole('link')
    await cells.first().focus()
    await page.keyboard.press('Space')
    await page.getByRole('button', { name: 'Precheck the 1 chosen' }).waitFor()
    await page.getByRole('button', { name: 'Choose none' }).click()
    await ask(service, 'DELETE', '/v1/instances/many-gone')
    await page.getByRole('button', { name: 'Precheck all 3 shown' }).click()
    await page.getByRole('button', { name: 'Start', exact: true }).click()
    await page.getByText('2 started, 2 of them ended, 1 could not be started').waitFor()
    await page.getByText('many-gone: No such instance').waitFor()
    await page.getByRole('button', { name: 'Close' }).click()
    // No row has jumped meanwhile.
    await page.getByRole('button', { name: 'Sort again (2 changed)' }).click()
    await page.getByRole('button', { name: /Sort again/ }).waitFor({ state: 'detached' })
    const saved = page.waitForEvent('download')
    await page.getByRole('button', { name: 'CSV of this view' }).click()
    const file = readFileSync(await (await saved).path(), 'utf8')
    expect(file.split('\r\n')).toEqual([
      // The first character tells spreadsheets that it is UTF-8.
      expect.stringMatching(/^\uFEFFinstance,/),
      expect.stringMatching(/^many-1,sqlserver,.*,failed,/),
      expect.stringMatching(/^many-2,sqlserver,.*,failed,/),
      '',
    ])
  })

  it.runIf(runsAll)('hold any two results against each other, and show an earlier one', async () => {
    await register(service, 'mended')
    await precheck(service, 'mended')
    standIns.heal()
    await precheck(service, 'mended')
    await precheck(service, 'mended')
    standIns.fix()
    const page = await signedIn(service)
    await page.goto(`${service.url}/console/#/instances/mended/past`)
    await page.getByText('Nothing changed.').waitFor()
    await page.getByRole('combobox', { name: 'From' }).selectOption({ index: 2 })
    await page.getByRole('heading', { name: /^Resolved/ }).waitFor()
    await page.getByText('Archive2019 is OFFLINE. Bring it online').waitFor()
    await page.locator('.strip .bad').click()
    await page.getByRole('link', { name: 'Open this result' }).click()
    await page.getByText('This is an earlier result.').waitFor()
    await finding(page, 'Archive2019 is OFFLINE. Bring it online').waitFor()
  })

  it('change schedule and maintenance, withdraw an acknowledgement, and validate', async () => {
    await register(service, 'kept')
    const acknowledgement = { checkItem: 'SQL_SERVER_DB_NOT_ONLINE', reason: 'moved', author: 'dba' }
    const expiresAt = new Date(Date.now() + dayMs).toISOString()
    await ask(service, 'POST', '/v1/instances/kept/acknowledgements', {
      body: { ...acknowledgement, expiresAt },
    })
    const page = await signedIn(service)
    await page.goto(`${service.url}/console/#/instances/kept/setup`)
    await page.getByRole('button', { name: 'Change' }).click()
    await page.getByLabel('Time zone').fill('Mars/Olympus')
    await page.getByLabel('Begins at').fill('03:30')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('must be a time zone of the IANA database').waitFor()
    await page.getByLabel('Time zone').fill('Europe/Berlin')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Europe/Berlin').waitFor()
    await page.getByRole('button', { name: 'Add a window' }).click()
    await page.getByLabel('Comes').selectOption('weekly')
    await page.getByLabel('Sun').check()
    await page.getByLabel('Begins at').fill('01:00')
    await page.getByLabel('Reason').fill('patch day')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Sun from 01:00 for 120 min: patch day').waitFor()
    const { definition } = (await ask(service, 'GET', '/v1/instances/kept')).json
    expect(definition).toMatchObject({
      schedule: { at: '03:30', timeZone: 'Europe/Berlin' },
      maintenanceWindows: [{ reason: 'patch day', weekdays: ['sun'], at: '01:00', minutes: 120 }],
    })
    await page.getByRole('button', { name: 'Remove' }).click()
    await page.getByText('Nightly prechecks will be started in this time again.').waitFor()
    await page.getByRole('button', { name: 'Remove' }).click()
    await page.getByText('patch day').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Withdraw' }).click()
    await page.getByRole('button', { name: 'Withdraw' }).click()
    await page.getByText('None is in force.').waitFor()
    standIns.become({ sqlServer: { missing: ['VIEW SERVER STATE'] } })
    await page.getByRole('button', { name: 'Validate' }).click()
    await page.getByText('GRANT VIEW SERVER STATE').waitFor()
    standIns.fix()
  })

  it.runIf(runsAll)('say of a night who was not run, and why', async () => {
    const page = await signedIn(service)
    await page.goto(`${service.url}/console/#/nights`)
    await page.locator('.night', { hasText: '1 Not run' }).getByRole('link').first().click()
    const row = page.getByRole('row', { name: /^failing Not run/ })
    await row.getByText('The precheck did not start in time').waitFor()
  })

  it.runIf(runsAll)('say so when the service does not answer, and keep what they show', async () => {
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
    forgive()
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
