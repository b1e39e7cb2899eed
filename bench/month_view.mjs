// Opens the calendar on the month of many posts and prints one JSON line of milliseconds. Usage: node month_view.mjs INSTANCE DAY ROUNDS
//
// "Until it takes input": from the time stamp of the click to the first task that runs after the frame in which the month stands drawn, with its days counted:
// a key pressed then is answered at once. Every round is a page of its own; what the browser keeps of the program's files it keeps, as on any day but the first.
import { launch, openPage } from '../tests/web/browser.mjs'

const [base, day, rounds] = process.argv.slice(2)
const OWNER = { email: 'bench@example.com', password: 'a long enough password' }

const browser = await launch()
const out = { opened: [], turned: [], moved: [], day: [], list: [], busy: 0, elements: 0, n: 0 }

/** In the page: milliseconds from the next event of `kind` until `isThere` holds, its frame is drawn and the page is free again. */
const watch = (page, kind, isThere) => page.evaluateHandle(([on, test]) => {
  const look = new Function(`return ${test}`)
  return { took: new Promise((done) => addEventListener(on, (event) => {
    const check = () => (look() ? requestAnimationFrame(() => { const { port1, port2 } = new MessageChannel(); port1.onmessage = () => done(performance.now() - event.timeStamp); port2.postMessage(0) }) : requestAnimationFrame(check))
    check()
  }, { capture: true, once: true })) }
}, [kind, isThere])
const took = (handle) => handle.evaluate((one) => one.took)

try {
  const { context, page } = await openPage(browser, { bypassCSP: true }) // what is waited for is told as text, which the page's own policy rightly forbids to run
  page.setDefaultTimeout(60_000) // what is slow shall be measured, not given up
  await page.goto(base)
  await page.getByLabel('メールアドレス').fill(OWNER.email)
  await page.getByLabel('パスワード').fill(OWNER.password)
  await page.getByRole('button', { name: 'サインイン' }).click()
  await page.locator('nav').first().waitFor()
  const month = `document.querySelectorAll('[data-day] .more').length > 25 && document.querySelectorAll('[data-day^="${day.slice(0, 7)}"] [data-post]').length > 50`
  for (let round = 0; round < Number(rounds); round++) {
    // The address stays on the month: a link like those of other screens, followed inside the page.
    await page.goto(`${base}/queue`)
    await page.locator('h1').first().waitFor()
    await page.waitForLoadState('networkidle')
    await page.evaluate((path) => {
      const link = Object.assign(document.createElement('a'), { href: path, id: 'to-month', textContent: 'month' })
      document.querySelector('main').prepend(link)
    }, `/calendar?view=month&day=${day}`)
    let timer = await watch(page, 'click', month)
    await page.locator('#to-month').click()
    out.opened.push(await took(timer))

    await page.getByRole('button', { name: '次へ' }).click()
    await page.waitForTimeout(300)
    timer = await watch(page, 'click', month)
    await page.getByRole('button', { name: '前へ' }).click()
    out.turned.push(await took(timer))

    const post = await page.locator(`[data-day="${day}"] [data-post]`).first().getAttribute('data-post')
    await page.locator(`[data-day="${day}"] [data-post="${post}"]`).focus()
    timer = await watch(page, 'keydown', `!document.querySelector('[data-day="${day}"] [data-post="${post}"]')`)
    await page.keyboard.press('Alt+ArrowRight')
    out.moved.push(await took(timer))
    await page.waitForTimeout(400)
    await page.keyboard.press('Control+z')
    await page.waitForTimeout(1200)

    timer = await watch(page, 'click', `document.querySelectorAll('dialog [data-post]').length >= 100`)
    await page.locator(`[data-day="${day}"] .more`).click()
    out.day.push(await took(timer))
    await page.keyboard.press('Escape')
  }
  out.elements = await page.evaluate(() => document.querySelectorAll('main *').length)
  for (let round = 0; round < Math.min(5, Number(rounds)); round++) {
    await page.getByRole('button', { name: '月', exact: true }).click()
    await page.waitForTimeout(300)
    const timer = await watch(page, 'click', `document.querySelectorAll('section[data-day]').length > 25`)
    await page.getByRole('button', { name: 'リスト' }).click()
    out.list.push(await took(timer))
  }
  await page.evaluate(() => {
    globalThis.busy = 0
    new PerformanceObserver((list) => { for (const entry of list.getEntries()) globalThis.busy = Math.max(globalThis.busy, entry.duration) }).observe({ type: 'longtask' })
  })
  for (let step = 0; step < 40; step++) {
    await page.mouse.wheel(0, 400)
    await page.waitForTimeout(30)
  }
  out.busy = await page.evaluate(() => globalThis.busy)
  out.n = await page.evaluate(() => [...document.querySelectorAll('section[data-day] h2 small')].reduce((sum, one) => sum + Number(one.textContent.replace(/\D/g, '')), 0))
  await context.close()
} finally {
  await browser.close()
}
console.log(JSON.stringify(out))
