import { startBrowser } from '/tmp/wt/consoleinstance/test/support/browser.ts'
import { startEmbedded } from '/tmp/wt/consoleinstance/test/support/embedded-service.ts'
import { largeFleet } from '/tmp/wt/consoleinstance/test/support/large-fleet.ts'
const service = await startEmbedded({ password: 'x' })
const browser = await startBrowser()
const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' })
const r = await context.request.post(`${service.url}/v1/session`, { headers: { authorization: `Bearer ${service.token}`, origin: service.url } })
const page = await context.newPage()
const fleet = largeFleet(10000)
await page.route('**/v1/fleet', (route) => route.fulfill({ json: fleet }))
await page.goto(`${service.url}/console/`)
await page.getByRole('gridcell').first().waitFor()
await page.waitForTimeout(2500)
const s = await context.newCDPSession(page)
const box = (await page.getByRole('grid').boundingBox())!
const cdp = await browser.newBrowserCDPSession()
const events: any[] = []
cdp.on('Tracing.dataCollected', (e: any) => events.push(...e.value))
await cdp.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: ['devtools.timeline','disabled-by-default-devtools.timeline','toplevel', 'blink', 'cc'] } } as any)
await page.evaluate(`globalThis.fr=[];{let last=performance.now();const n=(t)=>{fr.push(t-last);last=t;requestAnimationFrame(n)};requestAnimationFrame(n)}`)
await s.send('Input.synthesizeScrollGesture', { x: box.x + 100, y: box.y + 100, yDistance: -8000, speed: 2000, gestureSourceType: 'mouse' })
const fr = await page.evaluate('fr') as number[]
const done = new Promise((res) => cdp.once('Tracing.tracingComplete', res))
await cdp.send('Tracing.end'); await done
const names = new Map<string,string>(); 
for (const e of events) if (e.name==='thread_name') names.set(`${e.pid}/${e.tid}`, e.args.name)
const sum = new Map<string, {n:number,ms:number,max:number}>()
for (const e of events) { if (e.ph !== 'X' || !e.tdur) continue
  const k = `${names.get(`${e.pid}/${e.tid}`)} ${e.name}`
  const v = sum.get(k) ?? {n:0,ms:0,max:0}; v.n++; v.ms += e.tdur/1000; v.max=Math.max(v.max,e.tdur/1000); sum.set(k,v) }
console.log('frames', fr.length, 'mean fps', 1000*fr.length/fr.reduce((a,b)=>a+b,0))
for (const [k,v] of [...sum].sort((a,b)=>b[1].ms-a[1].ms).slice(0,45)) console.log(v.ms.toFixed(0).padStart(7), String(v.n).padStart(6), v.max.toFixed(1).padStart(7), k)
await browser.close(); await service.close()
