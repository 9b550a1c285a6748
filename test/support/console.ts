import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { hasBrowser, startBrowser, watchedPage } from './browser.ts'
import type { Service } from './service.ts'

/** Pages of the console in one browser. What goes wrong on one fails its test, after which they are closed. */
export interface Console {
  /** Opens the console, nobody signed in. */
  readonly open: (service: Service, options?: object) => Promise<Page>
  readonly signIn: (page: Page, token: string) => Promise<void>
  /** Opens it with the token of the service. */
  readonly signedIn: (service: Service, options?: object) => Promise<Page>
  /** What went wrong until now was meant to. */
  readonly forgive: () => void
}

/** The pages where the service is set up. */
export const administration = [
  '#/webhooks',
  '#/new-webhook',
  '#/tokens',
  '#/policies',
  '#/new-policy',
  '#/check-items',
  '#/check-items/ARCHIVELOG',
  '#/register',
  '#/import',
] as const

const desktop = { viewport: { width: 1440, height: 900 }, locale: 'en-GB' }

export const consoleInTests = (): Console => {
  let browser: Browser
  const opened: { context: BrowserContext; faults: string[] }[] = []

  beforeAll(async () => {
    if (hasBrowser) browser = await startBrowser()
  })
  afterAll(async () => {
    if (hasBrowser) await browser.close()
  })
  afterEach(async () => {
    const all = opened.splice(0)
    for (const { context } of all) await context.close()
    // No fault of a script, nothing that the policy refused, and nobody else was asked.
    const faults = all.flatMap((each) => each.faults)
    if (faults.length > 0) throw new Error(faults.join('\n'))
  })

  const open: Console['open'] = async (service, options = {}) => {
    const context = await browser.newContext({ ...desktop, ...options })
    const { page, faults } = await watchedPage(context, service.url)
    opened.push({ context, faults })
    await page.goto(`${service.url}/console/`)
    await page.locator('input[name=token]').waitFor()
    return page
  }
  const signIn: Console['signIn'] = async (page, token) => {
    await page.locator('input[name=token]').fill(token)
    await page.locator('button[type=submit]').click()
    await page.locator('header nav').waitFor()
  }
  return {
    open,
    signIn,
    signedIn: async (service, options) => {
      const page = await open(service, options)
      await signIn(page, service.token)
      return page
    },
    forgive: () => {
      for (const { faults } of opened) faults.length = 0
    },
  }
}
