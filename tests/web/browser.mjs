// What the browser tests share: one Chromium, a page that remembers every console error, and a small runner in the style of TAP.
import { createRequire } from 'node:module'

const require = createRequire(new URL('../../web/package.json', import.meta.url))
const { chromium } = require('playwright-core')
const axePath = require.resolve('axe-core/axe.min.js')

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']

export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS })

/** A page in its own profile. `faults` collects console errors, page errors and policy violations. */
export async function openPage(browser, { width = 1280, theme = 'light', locale = 'ja-JP', bypassCSP = false } = {}) {
  const context = await browser.newContext({
    viewport: { width, height: width < 600 ? 844 : 900 }, colorScheme: theme, timezoneId: 'Asia/Tokyo', locale, hasTouch: width < 600, bypassCSP,
  })
  const page = await context.newPage()
  page.setDefaultTimeout(Number(process.env.HIBIKI_TEST_TIMEOUT_MS ?? 10_000))
  const faults = []
  page.on('console', (message) => {
    // A refused request is logged by the browser itself; the tests provoke some on purpose and look at what the page says.
    if (message.type() === 'error' && !/the server responded with a status of (401|403|404|409|422|429)/.test(message.text())) faults.push(message.text())
  })
  page.on('pageerror', (error) => faults.push(String(error.stack ?? error)))
  return { context, page, faults }
}

/** Takes an invitation as its guest does: by the page's form, so that the page has asked for all it shows before the invitation is used up. */
export async function accept(page, link, name, password) {
  await page.goto(link)
  await page.getByLabel('お名前').fill(name)
  await page.getByLabel('パスワード', { exact: true }).fill(password)
  await page.getByRole('button', { name: '参加する' }).click()
  await page.locator('nav').first().waitFor()
}

/** Serious and critical findings of axe, as lines. */
export async function serious(page) {
  await page.addScriptTag({ path: axePath })
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }))
  return violations
    .filter((one) => one.impact === 'serious' || one.impact === 'critical')
    .map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.target.join(' ')).join(' | ')}`)
}

export class Runner {
  passed = 0
  failed = 0
  skipped = 0

  async test(name, work) {
    try {
      await work()
      this.passed++
      console.log(`ok ${this.passed + this.failed} ${name}`)
    } catch (error) {
      this.failed++
      console.log(`not ok ${this.passed + this.failed} ${name}\n  ${String(error.stack ?? error).split('\n').slice(0, 12).join('\n  ')}`)
    }
  }

  skip(name, why) {
    this.skipped++
    console.log(`SKIP ${name}: ${why}`)
  }

  end() {
    console.log(`${this.passed} passed, ${this.failed} failed, ${this.skipped} skipped`)
    return this.failed ? 1 : 0
  }
}

export function equal(found, wanted, what = '') {
  if (JSON.stringify(found) !== JSON.stringify(wanted)) throw new Error(`${what} is ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`)
}

export function truth(value, what) {
  if (!value) throw new Error(what)
}

/** The page shows a change before the server has it: looks again for up to three seconds. */
export async function settles(look) {
  for (let left = 30; ; left--) {
    try {
      return await look()
    } catch (error) {
      if (left === 0) throw error
      await new Promise((done) => setTimeout(done, 100))
    }
  }
}
