import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, type BrowserContext, type Page, chromium } from 'playwright-core'

/** The browser of Debian, which `.ci/run` installs. */
const executablePath = '/usr/bin/chromium'

/** Whether the tests of the console can run; they are skipped, visibly, where they cannot. */
export const hasBrowser = existsSync(executablePath)

export const startBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] })

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** A page, and all that went wrong on it: faults of scripts, what its policy refused, requests to anybody else. */
export interface WatchedPage {
  readonly page: Page
  readonly faults: string[]
}

/** Statuses that a page has to expect: not signed in, no result yet, no such id. The browser writes a line for each. */
const expected = /status of (401|404|422)/

/** Opens a page on which everything that goes wrong is written down. `origin`: that of the service. */
export const watchedPage = async (context: BrowserContext, origin: string): Promise<WatchedPage> => {
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', ({ message }) => faults.push(message))
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('console', (message) => {
    const text = message.text()
    if (['error', 'warning'].includes(message.type()) && !expected.test(text)) faults.push(text)
  })
  page.on('request', (request) => {
    if (!request.url().startsWith(`${origin}/`)) faults.push(`request: ${request.url()}`)
  })
  return { page, faults }
}

interface Axe {
  readonly run: (
    context: object,
    options: object,
  ) => Promise<{
    readonly violations: readonly {
      readonly id: string
      readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[]
    }[]
  }>
}

/** What axe finds on a page as it is shown (WCAG 2.2 A and AA), a line for each. */
export const accessibilityFaults = async (page: Page): Promise<readonly string[]> => {
  await page.evaluate(axeSource)
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: Axe }
    const values = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
    const { violations } = await axe.run({ include: ['body'] }, { runOnly: { type: 'tag', values } })
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
    )
  })
}
