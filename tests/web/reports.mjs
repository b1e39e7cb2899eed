// A report on the demo: made for a month, read, its sections ordered and hidden, a suggestion made a task, and both files opened.
import { equal, openPage, serious, settles, truth } from './browser.mjs'

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
  await runner.test('each number of it leads to the posts that come to it, and the way back works', async () => {
    const number = (text) => Number(text.replaceAll(/[^\d.]/g, ''))
    const section = (name) => page.getByRole('region', { name, exact: true })
    const say = page.locator('p.say')
    /** Opens a link of the report, reads what the list says it comes to, and goes back. */
    const behind = async (link, pattern) => {
      const text = number(await link.innerText())
      await link.click()
      await say.filter({ hasText: pattern }).waitFor()
      const said = await say.innerText()
      await page.goBack()
      await page.getByRole('heading', { name: '要約' }).waitFor()
      return [text, number(pattern.exec(said)[1])]
    }
    const tile = (name) => section('要約').locator('.tiles > div').filter({ has: page.getByText(name, { exact: true }) })
    for (const [link, pattern, what] of [
      [tile('エンゲージメント').locator('dd a').first(), /合計 ([\d,.]+)/, 'a tile'],
      [tile('公開した投稿').locator('dd a').first(), /投稿 (\d+)件/, 'posts that went out'],
      [section('主な数字').getByRole('row', { name: /^いいね/ }).locator('a').first(), /合計 ([\d,.]+)/, 'a key figure'],
      [section('アカウント別').locator('tbody tr').first().locator('td').nth(4).locator('a'), /合計 ([\d,.]+)/, 'an account'],
      [section('要約').locator('.says a').first(), /合計 ([\d,.]+)/, 'a figure of a sentence'],
    ]) equal(...(await behind(link, pattern)), what)
    equal(await tile('フォロワー').locator('a').count(), 0, 'followers are nobody\'s post')
    await section('推移').getByText('表で見る').first().click()
    equal(...(await behind(section('推移').locator('tbody td a').first(), /合計 ([\d,.]+)/)), 'a day')
    equal(await section('推移').locator('figure').nth(1).locator('tbody a').count(), 0, 'days of followers')
    const best = section('投稿ランキング').locator('tbody tr').first()
    truth(/^\/measure\/[0-9a-f-]{36}$/.test(await best.locator('a').getAttribute('href')), 'a post leads to itself')
    await best.locator('td').last().click({ force: true }) // the row's link lies over it
    await page.waitForURL(/\/measure\/[0-9a-f-]{36}$/)
    await page.goBack()
    await page.getByRole('heading', { name: '要約' }).waitFor()
  })
  await runner.test('its sections are ordered with the keyboard and hidden', async () => {
    const first = () => page.locator('.stack > section h2').first().textContent()
    equal(await first(), '要約', 'first at the start')
    const down = page.getByRole('button', { name: '要約を下へ' })
    await down.focus()
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => document.querySelector('.stack > section h2').textContent === '主な数字')
    const isStored = () => page.waitForFunction(() => !document.querySelector('.sections input:disabled'))
    const shown = page.locator('.sections li').filter({ hasText: 'アカウント別' }).getByRole('checkbox')
    await isStored()
    await settles(async () => {
      if (await shown.isChecked()) await shown.click()
      equal(await shown.isChecked(), false, 'shown')
    })
    await page.waitForFunction(() => ![...document.querySelectorAll('.stack > section h2')].some((one) => one.textContent === 'アカウント別'))
    await isStored()
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
  let shared = ''
  await runner.test('a secret link is made beside it, told once, and ended', async () => {
    await page.getByRole('button', { name: '共有リンクを作る' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('だれに見せるか').fill('喫茶ひびき 様')
    await dialog.getByRole('button', { name: 'リンクを作る' }).click()
    shared = new URL(await dialog.getByLabel('共有リンクのアドレス').inputValue()).pathname
    truth(/^\/shared\/[\w-]{43}$/.test(shared), shared)
    await dialog.getByRole('button', { name: '閉じる' }).last().click()
    await page.getByText('公開中').waitFor()
    await page.goto(`${base}/reports?tab=shared`)
    await page.getByText('喫茶ひびき 様').waitFor()
    equal(faults, [], 'console errors')
  })
  await runner.test('a report is scheduled, paused and ended', async () => {
    await page.goto(`${base}/reports?tab=scheduled`)
    await page.getByRole('button', { name: '定期レポートを作る' }).first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('表題').fill('月次レポート')
    await dialog.getByLabel('メールの送り先').fill('no-address.example.com')
    await dialog.getByRole('button', { name: '保存' }).click()
    await dialog.getByText('メールアドレスの形ではありません').waitFor()
    await dialog.getByLabel('メールの送り先').fill('boss@example.com')
    await dialog.getByRole('button', { name: '保存' }).click()
    await page.getByText(/次は/).waitFor()
    if (process.env.HIBIKI_SHOTS) await page.screenshot({ path: `${process.env.HIBIKI_SHOTS}/report-schedules.png`, fullPage: true })
    await page.getByRole('button', { name: '休止する' }).click()
    await page.getByText('休止中').waitFor()
    await page.getByRole('button', { name: 'やめる' }).click()
    await page.getByText('定期レポートはまだありません').waitFor()
  })
  await context.close()
  for (const [theme, width] of [['light', 1280], ['dark', 1280], ['light', 390], ['dark', 390]])
    await runner.test(`the page of a secret link is accessible in ${theme} at ${width} px, without a session`, async () => {
      const { context: own, page: one, faults: wrong } = await openPage(browser, { theme, width, bypassCSP: true })
      await one.goto(base + shared)
      await one.getByRole('heading', { name: '秋のご報告' }).waitFor()
      for (const image of await one.locator('figure img').all()) await image.scrollIntoViewIfNeeded()
      await one.waitForFunction(() => [...document.querySelectorAll('figure img')].every((picture) => picture.complete && picture.naturalWidth > 0))
      equal(await serious(one), [], 'findings')
      equal(await one.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth), false, 'overflow')
      equal(await one.evaluate(() => document.cookie), '', 'cookies')
      equal(await one.locator('main a[href*="/measure"]').count(), 0, 'ways into the app')
      truth((await one.locator('td a[rel~="noreferrer"]').count()) > 0, 'a post leads to its network')
      equal(wrong, [], 'console errors')
      if (process.env.HIBIKI_SHOTS) await one.screenshot({ path: `${process.env.HIBIKI_SHOTS}/shared-${theme}-${width}.png`, fullPage: true })
      await own.close()
    })
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
