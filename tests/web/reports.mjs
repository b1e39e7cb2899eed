// A report on the demo: made for a month, read, its sections ordered and hidden, a suggestion made a task, and both files opened.
import { equal, openPage, serious, truth } from './browser.mjs'

async function open(browser, base, options) {
  const opened = await openPage(browser, options)
  await opened.page.goto(base)
  const demo = opened.page.getByRole('button', { name: 'デモを見る' })
  await demo.or(opened.page.locator('nav')).first().waitFor()
  if (await demo.isVisible()) await demo.click()
  await opened.page.locator('nav').first().waitFor()
  return opened
}

export async function reports(runner, browser, base) {
  const { context, page, faults } = await open(browser, base)
  let address = ''
  await runner.test('a report is made of a period and says what it found', async () => {
    await page.goto(`${base}/reports`)
    await page.getByRole('button', { name: 'レポートを作る' }).first().click()
    await page.getByLabel('表題').fill('秋のご報告')
    await page.getByLabel('お客様の名前').fill('喫茶ひびき')
    await page.getByRole('button', { name: '作る', exact: true }).click()
    await page.getByRole('heading', { name: '秋のご報告' }).waitFor()
    await page.getByRole('heading', { name: '要約' }).waitFor()
    address = new URL(page.url()).pathname
    truth(/^\/reports\/[0-9a-f-]{36}$/.test(address), address)
    truth((await page.locator('.says .tag').count()) >= 3, 'sentences say what kind they are')
    for (const image of await page.locator('figure img').all()) {
      await image.scrollIntoViewIfNeeded()
      truth((await image.getAttribute('alt')).length > 20, 'a chart has its words')
    }
    await page.waitForFunction(() => [...document.querySelectorAll('figure img')].every((one) => one.complete && one.naturalWidth > 0))
  })
  await runner.test('its sections are ordered with the keyboard and hidden', async () => {
    const first = () => page.locator('.stack > section h2').first().textContent()
    equal(await first(), '要約', 'first at the start')
    const down = page.getByRole('button', { name: '要約を下へ' })
    await down.focus()
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => document.querySelector('.stack > section h2').textContent === '主な数字')
    await page.locator('.sections li').filter({ hasText: 'アカウント別' }).getByRole('checkbox').uncheck()
    await page.waitForFunction(() => ![...document.querySelectorAll('.stack > section h2')].some((one) => one.textContent === 'アカウント別'))
    await page.locator('.sections .grip').nth(0).dragTo(page.locator('.sections li').nth(2))
    await page.waitForFunction(() => document.querySelector('.stack > section h2').textContent === '要約')
  })
  await runner.test('a suggestion becomes a task', async () => {
    await page.getByRole('button', { name: 'タスクにする' }).first().click()
    await page.getByText('タスクになっています').waitFor()
  })
  await runner.test('PDF and Excel come as files', async () => {
    for (const [name, head] of [['PDF', '%PDF-'], ['Excel', 'PK'], ['PowerPoint', 'PK']]) {
      const link = page.getByRole('link', { name })
      const bytes = await page.evaluate(async (href) => (await (await fetch(href)).text()).slice(0, 5), await link.getAttribute('href'))
      truth(bytes.startsWith(head), `${name}: ${bytes}`)
    }
    equal(faults, [], 'console errors')
  })
  await context.close()
  for (const [theme, width] of [['light', 1280], ['dark', 1280], ['light', 390]])
    await runner.test(`a report is accessible in ${theme} at ${width} px`, async () => {
      const { context: own, page: one, faults: wrong } = await open(browser, base, { theme, width, bypassCSP: true })
      await one.goto(base + address)
      await one.getByRole('heading', { name: '要約' }).waitFor()
      await one.waitForTimeout(500)
      equal(await serious(one), [], 'findings')
      equal(await one.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth), false, 'overflow')
      equal(wrong, [], 'console errors')
      if (process.env.HIBIKI_SHOTS) await one.screenshot({ path: `${process.env.HIBIKI_SHOTS}/report-${theme}-${width}.png`, fullPage: true })
      await own.close()
    })
}
