import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { type IncomingMessage, type ServerResponse, createServer, request } from 'node:http'
import { gzipSync } from 'node:zlib'
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core'
import { startBrowser } from '../support/browser.ts'
import { startEmbedded } from '../support/embedded-service.ts'
import { largeFleet } from '../support/large-fleet.ts'
import { print, row } from './print.ts'

/**
 * Measures the console in Chromium (`npm run figures`): what comes over the wire, when something is there and when it
 * can be used, and 10,000 instances on the wall. On a machine that does nothing else; compare rows, not absolutes.
 */
const instances = 10_000

/** What a phone on a bad line has: bytes a second, ms, and how much slower its processor is. */
const slow = { bytesPerSecond: (1.6 * 1024 * 1024) / 8, latencyMs: 150, times: 4 } as const

/** How far is scrolled, px, and how fast, px a second: a brisk hand. */
const scroll = { distance: 8000, speed: 2000 } as const

/** How long the page is let be until what it still had to do is over, ms. */
const settleMs = 3000

const runs = 3

/** What a page notes of itself. Times in ms since its navigation. */
interface Noted {
  readonly paint: number
  readonly wall: number
  readonly longTasks: readonly { readonly start: number; readonly ms: number }[]
  readonly frames: readonly number[]
}

/** Runs in the page, before all of its own. */
const takeNotes = `
  const noted = (globalThis.noted = { paint: 0, wall: 0, longTasks: [], frames: [] })
  new PerformanceObserver((list) => {
    for (const { startTime, name } of list.getEntries())
      if (name === 'first-contentful-paint') noted.paint = startTime
  }).observe({ type: 'paint', buffered: true })
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries())
      noted.longTasks.push({ start: startTime, ms: duration })
  }).observe({ type: 'longtask', buffered: true })
  const look = () => {
    if (document.querySelector('[role="gridcell"]')) noted.wall = performance.now()
    else requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
`

const noteFrames = `
  let last = performance.now()
  const note = (now) => {
    noted.frames.push(now - last)
    last = now
    requestAnimationFrame(note)
  }
  requestAnimationFrame(note)
`

const notesOf = (page: Page): Promise<Noted> => page.evaluate<Noted>('noted')

/** The service with a fleet of 10,000 in front: the answer is as large as it would be, and everything else is real. */
const startFront = async (target: string) => {
  const fleet = gzipSync(JSON.stringify(largeFleet(instances)))
  const server = createServer((incoming: IncomingMessage, outgoing: ServerResponse) => {
    if (incoming.url === '/v1/fleet') {
      outgoing.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(fleet)
      return
    }
    const { method, headers, url = '/' } = incoming
    const passed = request(`${target}${url}`, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    incoming.pipe(passed)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() }
}

const throttle = async (session: CDPSession): Promise<void> => {
  const { bytesPerSecond, latencyMs, times } = slow
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: latencyMs,
    downloadThroughput: bytesPerSecond,
    uploadThroughput: bytesPerSecond,
  })
  await session.send('Emulation.setCPUThrottlingRate', { rate: times })
}

/** Somebody who is signed in, with nothing in the cache of their browser. */
const signedIn = async (browser: Browser, url: string, token: string): Promise<BrowserContext> => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' })
  const headers = { authorization: `Bearer ${token}`, origin: url }
  const answer = await context.request.post(`${url}/v1/session`, { headers })
  if (!answer.ok()) throw new Error(`Nobody is signed in: ${answer.status()} ${await answer.text()}`)
  return context
}

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((one, other) => one - other)[Math.floor((values.length - 1) * share)] ?? Number.NaN

/** Scrolls the wall as a hand does, and notes how long each frame took, ms. */
const scrollWall = async (page: Page, session: CDPSession): Promise<readonly number[]> => {
  const box = await page.getByRole('grid').boundingBox()
  if (!box) throw new Error('There is no wall')
  await page.evaluate(noteFrames)
  await session.send('Input.synthesizeScrollGesture', {
    x: box.x + box.width / 2,
    y: box.y + box.height / 2,
    yDistance: -scroll.distance,
    speed: scroll.speed,
    gestureSourceType: 'mouse',
  })
  return (await notesOf(page)).frames
}

const loadOnce = async (browser: Browser, url: string, token: string, isSlow: boolean) => {
  const context = await signedIn(browser, url, token)
  const page = await context.newPage()
  const session = await context.newCDPSession(page)
  await session.send('Network.enable')
  if (isSlow) await throttle(session)
  await page.addInitScript({ content: takeNotes })
  await page.goto(`${url}/console/`)
  await page.getByRole('gridcell').first().waitFor()
  await page.waitForTimeout(settleMs)
  const loaded = await notesOf(page)
  const frames = await scrollWall(page, session)
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  const nodes = await page.evaluate<number>('document.querySelectorAll("*").length')
  await context.close()
  const busyUntil = Math.max(0, ...loaded.longTasks.map(({ start, ms }) => start + ms))
  return {
    paint: loaded.paint,
    wall: loaded.wall,
    usable: Math.max(loaded.wall, busyUntil),
    longTasks: loaded.longTasks.length,
    longMs: loaded.longTasks.reduce((sum, { ms }) => sum + ms, 0),
    perSecond: (1000 * frames.length) / frames.reduce((sum, ms) => sum + ms, 0),
    frame: median(frames),
    frame95: percentile(frames, 0.95),
    heapMb: usedSize / 1024 / 1024,
    nodes,
  }
}

type Measured = Awaited<ReturnType<typeof loadOnce>>

const lines: readonly (readonly [label: string, unit: string, of: (measured: Measured) => number])[] = [
  ['first contentful paint', 'ms', ({ paint }) => paint],
  ['10,000 instances on the wall', 'ms', ({ wall }) => wall],
  ['usable: the wall is there, nothing is busy', 'ms', ({ usable }) => usable],
  ['long tasks', '', ({ longTasks }) => longTasks],
  ['long tasks, together', 'ms', ({ longMs }) => longMs],
  ['frames a second while scrolling', '', ({ perSecond }) => perSecond],
  ['a frame, median', 'ms', ({ frame }) => frame],
  ['a frame, 95 of 100', 'ms', ({ frame95 }) => frame95],
  ['memory of scripts', 'MB', ({ heapMb }) => heapMb],
  ['elements', '', ({ nodes }) => nodes],
]

const packedKb = (end: string): string => {
  const name = readdirSync('dist/console/assets').find((each) => each.endsWith(end)) ?? ''
  return `${(gzipSync(readFileSync(`dist/console/assets/${name}`), { level: 9 }).length / 1000).toFixed(1)} KB`
}

const service = await startEmbedded({ password: 'unused' })
const front = await startFront(service.url)
const browser = await startBrowser()
const measured: Measured[][] = []
for (const isSlow of [false, true]) {
  const own: Measured[] = []
  for (let run = 0; run < runs; run += 1) own.push(await loadOnce(browser, front.url, service.token, isSlow))
  measured.push(own)
}
print(`Chromium ${browser.version()}, medians of ${runs}`)
print(row('script, compressed', [packedKb('.js')]))
print(row('style sheet, compressed', [packedKb('.css')]))
print(row('', ['as it is', 'slow']))
for (const [label, unit, of] of lines)
  print(
    row(
      label,
      measured.map((own) => `${Math.round(median(own.map(of)))} ${unit}`),
    ),
  )
await browser.close()
front.close()
await service.close()
