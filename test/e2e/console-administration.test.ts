import { readFileSync } from 'node:fs'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { demoPassword } from '../demo/scenes.ts'
import { accessibilityFaults, hasBrowser } from '../support/browser.ts'
import { administration, consoleInTests } from '../support/console.ts'
import { startCloudInHaste } from '../support/cloud-service.ts'
import { startEmbedded } from '../support/embedded-service.ts'
import { runsAll, someOf } from '../support/property-runs.ts'
import { type Receiver, startReceiver } from '../support/receiver.ts'
import { type Service, type StartService, ask } from '../support/service.ts'
import { type StandIns, startStandIns } from '../support/stand-ins.ts'

/** A name that would run if anybody took it for markup. */
const hostile = '<img src=x onerror="globalThis.pwned=1">'

const { open, signIn, signedIn, forgive } = consoleInTests()

/** The first line of the answer of a receiver, which is kept of a delivery that failed. */
const refusal = { status: 500, body: hostile }

/** A short run takes the embedded ports; the pages of an instance are tried on both in every run. */
const everyPorts: readonly (readonly [name: string, start: StartService])[] = [
  ['the embedded ports', startEmbedded],
  ['the cloud ports', startCloudInHaste],
]

describe.skipIf(!hasBrowser).each(someOf(everyPorts, 1))(
  'the pages of administration on %s',
  (_name, start) => {
    let standIns: StandIns
    let service: Service
    let receiver: Receiver

    beforeAll(async () => {
      standIns = await startStandIns()
      service = await start({ password: demoPassword })
      receiver = await startReceiver()
    })
    afterAll(async () => {
      await receiver.close()
      await service.close()
      await standIns.close()
    })

    const goTo = (page: Page, address: string) => page.goto(`${service.url}/console/${address}`)
    const press = (within: Page | Locator, name: string | RegExp) =>
      within.getByRole('button', { name, exact: true }).click()
    const headed = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor()
    const tokenOf = async (name: string, scope: string): Promise<string> =>
      (await ask(service, 'POST', '/v1/tokens', { body: { name, scope } })).json.token

    it('add a webhook whose address is judged while it is written, test it, read what was sent, rotate and delete it', async () => {
      const page = await signedIn(service)
      await page.getByRole('link', { name: 'Webhooks' }).click()
      await page.getByText('Nobody is told yet.').waitFor()
      await page.getByRole('link', { name: 'Add a webhook' }).click()
      const address = page.getByLabel(/^Address/)
      await address.fill('http://169.254.169.254/latest')
      await page.getByText(/169\.254\.169\.254 is .*never called/).waitFor()
      expect(await address.getAttribute('aria-invalid')).toBe('true')
      await address.fill(`${receiver.url}/${encodeURIComponent(hostile)}`)
      await page.getByText(/never called/).waitFor({ state: 'detached' })
      await page.getByLabel('Description').fill(hostile)
      await press(page, 'Add a webhook')
      expect(await page.locator('pre').textContent()).toMatch(/^whsec_/)
      await page.getByRole('link', { name: 'Open it' }).click()
      receiver.reply(() => refusal)
      await press(page, 'Send a sample')
      const delivery = page.getByRole('row', { name: /sample/ })
      await delivery.locator('summary').click()
      await delivery.getByText('STATUS_REFUSED', { exact: true }).waitFor()
      await page.getByText(hostile, { exact: true }).waitFor()
      await delivery.locator('pre', { hasText: '"type": "webhook.sample"' }).waitFor()
      receiver.reply(() => ({ status: 204 }))
      await press(page, 'Rotate the secret')
      await page.getByText('The old one also signs for 24 hours').waitFor()
      await press(page, 'Rotate the secret')
      await page.getByText(/^whsec_/).waitFor()
      await press(page, 'Delete')
      await page.getByText('its deliveries can be read no more').waitFor()
      await press(page, 'Delete')
      await page.getByText('Nobody is told yet.').waitFor()
      expect(await page.evaluate(() => 'pwned' in globalThis)).toBe(false)
    })

    it.runIf(runsAll)('send again what was given up', async () => {
      receiver.reply(() => ({ status: 410 }))
      const body = { url: `${receiver.url}/gone` }
      const { id } = (await ask(service, 'POST', '/v1/webhooks', { body })).json
      await ask(service, 'POST', `/v1/webhooks/${id}/test`)
      const page = await signedIn(service)
      await goTo(page, `#/webhooks/${id}?state=dead`)
      await page.getByRole('row', { name: /dead letter/ }).waitFor()
      await page.getByText('stopped: the receiver said').waitFor()
      receiver.reply(() => ({ status: 204 }))
      await ask(service, 'PATCH', `/v1/webhooks/${id}`, { body: { description: 'again' } })
      await press(page.getByRole('row', { name: /sample/ }), 'Send again')
      await page.getByText('Nothing was sent.').waitFor()
      await page.getByLabel('State').selectOption('')
      await page.getByRole('row', { name: /sample delivered/ }).waitFor()
      await ask(service, 'DELETE', `/v1/webhooks/${id}`)
    })

    it('issue a token, shown once, rotate and revoke it', async () => {
      const page = await signedIn(service)
      await page.getByRole('link', { name: 'Tokens' }).click()
      await press(page, 'Issue a token')
      await page.getByText('1 field to correct').waitFor()
      expect(await page.locator(':focus').getAttribute('id')).toBe('field-name')
      await page.getByLabel(/^Name/).fill(hostile)
      await page.getByLabel('Days until it expires').fill('90')
      await press(page, 'Issue a token')
      const first = await page.getByText(/^bp_/).textContent()
      const line = page.getByRole('row', { name: /img src/ })
      await line.getByText('not yet').waitFor()
      await press(line, 'Rotate')
      await line.getByText('is refused at once, and its sessions end').waitFor()
      await press(line, 'Rotate')
      await expect.poll(() => page.getByText(/^bp_/).textContent()).not.toBe(first)
      await press(page, 'I have it')
      expect(await page.getByText(/^bp_/).count()).toBe(0)
      const saved = page.waitForEvent('download')
      await press(page, 'CSV of this view')
      expect(readFileSync(await (await saved).path(), 'utf8')).toContain(hostile.replaceAll('"', '""'))
      await press(line, 'Revoke')
      await line.getByText('cannot be undone').waitFor()
      // By keyboard: who was asked is where they answer, and who takes it back where they were.
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await line.getByText('cannot be undone').waitFor({ state: 'detached' })
      await page.keyboard.press('Enter')
      await line.getByText('cannot be undone').waitFor()
      await page.keyboard.press('Enter')
      await line.waitFor({ state: 'detached' })
      expect(await page.evaluate(() => 'pwned' in globalThis)).toBe(false)
    })

    it.runIf(runsAll)('write a policy, change it unless somebody else did, and delete it', async () => {
      const page = await signedIn(service)
      await page.getByRole('link', { name: 'Policies' }).click()
      await page.getByRole('link', { name: 'Write a policy' }).click()
      await page.getByLabel(/^Name/).fill('strict')
      const age = page.getByLabel('Full backup is old after, h')
      expect(await age.getAttribute('placeholder')).toBe('168')
      await age.fill('a day')
      await page.getByText('expected number').waitFor()
      await age.fill('24')
      await page.getByLabel('Databases whose names fit').fill(hostile)
      await press(page, 'Save')
      await headed(page, 'strict')
      await page.getByText(`databases ${hostile}`).waitFor()
      const body = { thresholds: { fullBackupMaxAgeHours: 12 } }
      await ask(service, 'PUT', '/v1/policies/strict', { body })
      await age.fill('48')
      await press(page, 'Save')
      await page.getByText('The revision does not match If-Match').waitFor()
      forgive()
      await page.reload()
      await page.getByText('Full backup is old after, h: 12').waitFor()
      await age.fill('48')
      await press(page, 'Save')
      await page.getByText('Full backup is old after, h: 48').waitFor()
      await press(page, 'Delete')
      await press(page, 'Delete')
      await page.getByText('There is no policy').waitFor()
    })

    it.runIf(runsAll)('find a check item by a link that can be sent, and say all that it does', async () => {
      const page = await signedIn(service)
      await page.getByRole('link', { name: 'Check items' }).click()
      await page.getByLabel('Search').fill('v$database')
      await page.getByLabel('Engine').selectOption('oracle')
      await page.getByLabel('Can block').selectOption('log')
      const link = page.url()
      await page.goto('about:blank')
      await page.goto(link)
      const shown = page.getByText(/^\d+ of \d+ check items$/)
      await shown.waitFor()
      const [some = 0, all = 0] = (await shown.textContent())!
        .split(' of ')
        .map((part) => Number.parseInt(part, 10))
      expect(some).toBeGreaterThan(0)
      expect(some).toBeLessThan(all)
      await page
        .getByRole('row', { name: /ARCHIVELOG/ })
        .getByRole('link')
        .first()
        .click()
      for (const name of [
        'What it can say',
        'What it asks',
        'Rights that it needs',
        'How it is fixed',
        'Manuals',
      ])
        await page.getByRole('heading', { level: 2, name }).waitFor()
    })

    it('register an instance in a form that the service judges, and validate it', async () => {
      const definition = standIns.definitionOf('oracle', service.passwordReference)
      const page = await signedIn(service)
      await page.locator('header').getByRole('link', { name: 'Register' }).click()
      await page.getByLabel(/^Id/).fill('not an id')
      await page.getByText('must be 1 to 64 letters').waitFor()
      await page.getByLabel(/^Id/).fill('form')
      await page.getByLabel(/^Region/).fill('nowhere')
      await page.getByText('must be a region id').waitFor()
      await page.getByLabel(/^Region/).fill('cn-hangzhou')
      await page.getByLabel(/^Host/).fill('169.254.169.254')
      await page.getByLabel(/^Port/).fill(String(definition.connection.port))
      await page.getByLabel('Service name', { exact: true }).fill('orclcdb')
      await page.getByLabel(/^Login/).fill('precheck')
      await page.getByLabel('Where the password is kept').fill('env:HOME')
      await page.getByText('no database is connected to there').waitFor()
      await page.getByLabel(/^Host/).fill(definition.connection.host)
      await page.getByText('rename the variable').waitFor()
      await page.getByLabel('Where the password is kept').fill(service.passwordReference)
      await page.getByText('The service would accept it.').waitFor()
      expect(parse((await page.locator('form pre').textContent())!)).toMatchObject({
        id: 'form',
        engine: 'oracle',
        connection: { port: definition.connection.port, serviceName: 'orclcdb' },
      })
      await press(page, 'Register')
      await page.getByText('form is registered.').waitFor()
      await press(page, 'Validate')
      await page.getByText(/nothing is missing|is missing|are missing/i).waitFor()
      await press(page, 'Register another one')
      await page.getByLabel(/^Id/).fill('form')
      await page.getByLabel(/^Region/).fill('cn-hangzhou')
      await page.getByLabel(/^Host/).fill('127.0.0.1')
      await page.getByLabel('Service name', { exact: true }).fill('other')
      await page.getByLabel(/^Login/).fill('precheck')
      await page.getByLabel('Where the password is kept').fill(service.passwordReference)
      await press(page, 'Register')
      await page.getByText(/form is registered already \(revision \d\)/).waitFor()
      forgive()
      await page.getByLabel('Replace it').check()
      await press(page, 'Register')
      await page.getByText('form is registered.').waitFor()
      const { json } = await ask(service, 'GET', '/v1/instances/form')
      expect(json).toMatchObject({ definition: { connection: { serviceName: 'other' } } })
    })

    it.runIf(runsAll)(
      'import a list whose faults are told by line, and leave out what is wrong',
      async () => {
        const password = service.passwordReference
        const columns =
          'id,engine,region,connection.host,connection.credential.username,connection.credential.password'
        const line = (id: string, region: string) => `${id},mysql,${region},db.example,precheck,${password}`
        await ask(service, 'PUT', '/v1/instances/known', {
          body: standIns.definitionOf('mysql', password),
        })
        const page = await signedIn(service)
        await goTo(page, '#/import')
        await page.getByLabel('Or paste it here').fill('engine\noracle')
        await press(page, 'Look at it')
        await page.getByText('one of them must be id').waitFor()
        const quoted = `"${hostile.replaceAll('"', '""')}"`
        const text = [
          `${columns},tags.team`,
          `${line('new-1', 'cn-hangzhou')},${quoted}`,
          `${line('wrong', 'nowhere')},`,
          `${line('known', 'cn-hangzhou')},`,
          `${line('new-1', 'cn-beijing')},`,
          `${quoted},mysql,,,,,`,
        ].join('\r\n')
        await page
          .getByLabel('File')
          .setInputFiles({ name: 'list.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
        await page.getByText('1 new, 1 to replace, 3 with faults, 0 registered').waitFor()
        await page.getByRole('row', { name: /wrong 3 .*region: must be a region id/ }).waitFor()
        await page.getByRole('row', { name: /new-1 5 .*An earlier line has this id/ }).waitFor()
        await page.getByRole('row', { name: /img src.* 6 .*instanceId: must be/ }).waitFor()
        expect((await ask(service, 'GET', '/v1/instances/new-1')).status).toBe(404)
        await page.getByText('1 of them replaces a registration.').waitFor()
        await press(page, 'Register 2 instances')
        await page.getByText('0 new, 0 to replace, 3 with faults, 2 registered').waitFor()
        const { json } = await ask(service, 'GET', '/v1/instances/new-1')
        expect([json.revision, json.definition.region, json.definition.tags]).toEqual([
          1,
          'cn-hangzhou',
          { team: hostile },
        ])
        expect((await ask(service, 'GET', '/v1/instances/known')).json.revision).toBe(2)
        const { engine, connection } = standIns.definitionOf('mysql', password)
        const documents = (more: string) => `# ours
defaults: ${JSON.stringify({ engine, connection })}
instances:
  yaml-1: { region: cn-hangzhou }
  yaml-2: { region: nowhere }
${more}`
        await page.getByLabel('Or paste it here').fill(documents('  - a\n'))
        await press(page, 'Look at it')
        await page.getByText('Line 6 cannot be read as instances in YAML').waitFor()
        await page.getByLabel('Or paste it here').fill(documents(''))
        await press(page, 'Look at it')
        await page.getByRole('row', { name: /yaml-2 5 .*region: must be a region id/ }).waitFor()
        await press(page, 'Register 1 instance')
        await page.getByText('0 new, 0 to replace, 1 with faults, 1 registered').waitFor()
        expect((await ask(service, 'GET', '/v1/instances/yaml-1')).json.definition).toMatchObject({ engine })
        expect(await page.evaluate(() => 'pwned' in globalThis)).toBe(false)
      },
    )

    it.each([
      [
        'read',
        ['#/webhooks', '#/policies', '#/tokens', '#/register', '#/import', '#/new-webhook', '#/new-policy'],
      ],
      ['run', ['#/tokens', '#/register']],
    ])(
      'say to a token of scope %s what it may not do, and show no button for it',
      async (scope, addresses) => {
        const page = await open(service)
        await signIn(page, await tokenOf(scope, scope))
        for (const address of addresses) {
          await goTo(page, address)
          await page.getByText(/Your token may not/).waitFor()
          expect(await page.locator('main form').count()).toBe(0)
        }
      },
    )

    it.runIf(runsAll)('say when their texts do not come, and show them once they do', async () => {
      const page = await signedIn(service)
      await page.route('**/assets/en-*.json', (route) => route.abort())
      await page.getByRole('link', { name: 'Policies' }).click()
      await page.getByText('The service does not answer').waitFor()
      await page.unroute('**/assets/en-*.json')
      await press(page, 'Try again')
      await headed(page, 'Policies')
      forgive()
    })

    it.runIf(runsAll)('load themselves anew, once, where the service is of another release', async () => {
      const page = await signedIn(service)
      let loads = 0
      page.on('load', () => (loads += 1))
      await page.route('**/assets/en-*.json', (route) => route.fulfill({ status: 404 }))
      await page.getByRole('link', { name: 'Policies' }).click()
      await page.getByText('The service does not answer').waitFor()
      expect(loads).toBe(1)
      await page.unroute('**/assets/en-*.json')
      await page.reload()
      await headed(page, 'Policies')
    })

    it.runIf(runsAll)('keep what is written when the language changes', async () => {
      const page = await signedIn(service)
      await page.locator('header').getByRole('link', { name: 'Register' }).click()
      await page.getByLabel(/^Region/).fill('cn-hang')
      await press(page, '中文')
      await headed(page, '注册实例')
      expect(await page.getByLabel('地域').inputValue()).toBe('cn-hang')
    })

    const appearances = [
      ['en-GB', 'light'],
      ['zh-CN', 'dark'],
      ['en-GB', 'dark'],
      ['zh-CN', 'light'],
    ] as const
    const addresses = [...administration, '#/webhooks/{id}'] as const
    /** A short run has every page and every appearance, and not each in each. */
    const pairs = someOf(
      appearances.flatMap((appearance) => addresses.map((address) => ({ appearance, address }))),
      14,
    )

    it.each(appearances)(
      'can be used by everybody, on a narrow screen too (%s, %s)',
      async (locale, colorScheme) => {
        await ask(service, 'PUT', '/v1/policies/one', { body: { thresholds: { historyMinHours: 1 } } })
        const url = `${receiver.url}/hook`
        const { id } = (await ask(service, 'POST', '/v1/webhooks', { body: { url } })).json
        await ask(service, 'POST', `/v1/webhooks/${id}/test`)
        const page = await signedIn(service, { locale, colorScheme, viewport: { width: 360, height: 800 } })
        const own = pairs.filter(
          ({ appearance }) => appearance[0] === locale && appearance[1] === colorScheme,
        )
        for (const { address } of own) {
          await goTo(page, address.replace('{id}', id))
          await page.locator('main :is(table, form, dl)').first().waitFor()
          expect([address, await accessibilityFaults(page)]).toEqual([address, []])
          const width = await page.evaluate('document.documentElement.scrollWidth')
          expect([address, width]).toEqual([address, 360])
        }
        await ask(service, 'DELETE', `/v1/webhooks/${id}`)
        await ask(service, 'DELETE', '/v1/policies/one')
      },
    )
  },
)
