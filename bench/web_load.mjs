// Loads every screen with a cold cache in Chromium and prints one JSON line: bytes on the wire, largest contentful paint, axe's findings.
// Usage: node web_load.mjs DEMO_INSTANCE EMPTY_INSTANCE [--quick]
//
// Each load has its own profile, so nothing is cached. Bytes are what came over the wire (compressed, with headers) until the page is quiet.
// "Slow 4G" is Lighthouse's: 1.6 Mbit/s down, 750 kbit/s up, 150 ms round trip, and the processor slowed fourfold.
import { launch, openPage, serious } from '../tests/web/browser.mjs'
import { SCREENS } from '../tests/web/screens.mjs'

const [demo, empty, mode] = process.argv.slice(2)
const isQuick = mode === '--quick'
const TIMED = ['/', '/calendar', '/compose', '/queue', '/measure']
const SLOW_4G = { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8 }

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]

const browser = await launch()

/** Signs the demo's visitor in and gives back the cookies. */
async function signIn() {
  const { context, page } = await openPage(browser)
  await page.goto(demo)
  await page.locator('nav').first().waitFor()
  const state = await context.storageState()
  await context.close()
  return state
}

async function load(url, state, isSlow) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, timezoneId: 'Asia/Tokyo', locale: 'ja-JP', storageState: state })
  const page = await context.newPage()
  const cdp = await context.newCDPSession(page)
  let bytes = 0, requests = 0, last = Date.now()
  await cdp.send('Network.enable')
  cdp.on('Network.requestWillBeSent', () => { requests++; last = Date.now() })
  cdp.on('Network.dataReceived', () => { last = Date.now() })
  cdp.on('Network.loadingFinished', (event) => { bytes += event.encodedDataLength; last = Date.now() })
  if (isSlow) {
    await cdp.send('Network.emulateNetworkConditions', SLOW_4G)
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 })
  }
  await page.addInitScript(() => {
    globalThis.lcp = { at: 0, what: '' }
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) globalThis.lcp = { at: entry.startTime, what: entry.element?.tagName ?? '' }
    }).observe({ type: 'largest-contentful-paint', buffered: true })
  })
  await page.goto(url)
  await page.locator('h1').first().waitFor()
  const quiet = isSlow ? (isQuick ? 700 : 1200) : 400
  while (Date.now() - last < quiet) await page.waitForTimeout(50)
  const lcp = await page.evaluate(() => globalThis.lcp)
  await context.close()
  return { bytes, requests, lcp: lcp.at, what: lcp.what }
}

/** Rounds over all screens, so that a moment in which the machine is busy elsewhere falls on each of them and not on one. */
async function measure(views, nFast, nSlow) {
  const fast = views.map(() => []), slow = views.map(() => [])
  for (let round = 0; round < nFast + nSlow; round++) {
    for (const [at, { url, state }] of views.entries()) {
      const isSlow = round >= nFast
      ;(isSlow ? slow : fast)[at].push(await load(url, state, isSlow))
    }
  }
  return views.map(({ screen }, at) => ({
    screen,
    bytes: Math.max(...fast[at].map((one) => one.bytes)),
    requests: fast[at][0].requests,
    what: fast[at][0].what,
    lcp_ms: Math.round(median(fast[at].map((one) => one.lcp))),
    slow_lcp_ms: Math.round(median(slow[at].map((one) => one.lcp))),
  }))
}

/** Findings of axe on every screen, by theme and width. */
async function findings(base, screens, state, theme, width) {
  const { context, page } = await openPage(browser, { theme, width, bypassCSP: true })
  if (state) await context.addCookies(state.cookies)
  const found = []
  for (const path of screens) {
    await page.goto(base + path)
    await page.locator('h1').first().waitFor()
    await page.waitForTimeout(isQuick ? 150 : 500)
    for (const line of await serious(page)) found.push(`${path} (${theme}, ${width} px): ${line}`)
  }
  await context.close()
  return found
}

try {
  const state = await signIn()
  const views = (isQuick ? TIMED.slice(0, 2) : TIMED).map((path) => ({ screen: path, url: demo + path, state }))
  if (!isQuick) views.push({ screen: 'first visit (setting up)', url: empty })
  const rows = await measure(views, isQuick ? 2 : 5, isQuick ? 1 : 3)
  const found = []
  const looks = isQuick ? [['light', 1280]] : [['light', 1280], ['light', 390], ['dark', 1280], ['dark', 390]]
  for (const [theme, width] of looks) {
    found.push(...await findings(demo, SCREENS, state, theme, width))
    found.push(...await findings(empty, ['/'], undefined, theme, width))
  }
  console.log(JSON.stringify({ rows, found, n_checked: looks.length * (SCREENS.length + 1) }))
} finally {
  await browser.close()
}
