// From a number to the posts behind it, on the demo: a tile, a cell of the heat map, a day of the chart and a row of groups; what narrows the list is taken away and the way back works.
// Then what else a chart of the dashboard does: another metric, another account beside it, and the days the team notes.
import { equal, openPage, truth } from './browser.mjs'

const number = (text) => Number(text.replaceAll(/[^\d.]/g, ''))

export async function drill(runner, browser, base) {
  const { context, page, faults } = await openPage(browser)
  const say = page.locator('p.say')
  const button = (name) => page.getByRole('button', { name, exact: true })
  const chart = page.getByRole('region', { name: '日ごとの推移' })
  /** The sentence over the list, once it tells what `pattern` looks for. */
  const told = async (pattern) => {
    await say.filter({ hasText: pattern }).waitFor()
    return say.innerText()
  }
  const tileOf = (name) => page.locator('.kpis > div').filter({ has: page.getByText(name, { exact: true }) })
  const rows = () => page.locator('tbody tr').count()
  await page.goto(base)
  const demo = page.getByRole('button', { name: 'デモを見る' })
  await demo.or(page.locator('nav')).first().waitFor()
  if (await demo.isVisible()) await demo.click()
  await page.locator('nav').first().waitFor()

  await runner.test('a tile leads to the posts that gained it, and the way back to the tile', async () => {
    await page.goto(`${base}/measure`)
    const tile = tileOf('リポスト').locator('a.big')
    const value = number(await tile.getAttribute('title'))
    await tile.click()
    equal(number(/合計 ([\d,.]+)/.exec(await told(/直近28日に「リポスト」が動いた投稿/))[1]), value, 'what the list comes to')
    truth(page.url().includes('value=gained') && page.url().includes('metric=reposts'), page.url())
    const shown = await page.locator('tbody td.n b').allInnerTexts()
    if (shown.length < 100) equal(shown.map(number).reduce((sum, one) => sum + one, 0), value, 'the rows')
    await page.goBack()
    await tile.waitFor()
    const before = tileOf('リポスト').locator('.change a')
    if (await before.count()) {
      await before.click()
      await told(/〜.*「リポスト」が動いた投稿/)
      await page.goBack()
    }
    equal(await tileOf('フォロワー').locator('a.big').count(), 0, 'followers are nobody\'s post')
  })

  await runner.test('a cell of the heat map leads to the posts of that weekday and hour, by keyboard too', async () => {
    const cell = page.getByRole('region', { name: '曜日と時刻ごとの平均エンゲージメント' }).locator('td a').first()
    const n = number(/n=(\d+)/.exec(await cell.innerText())[1])
    await cell.focus()
    await page.keyboard.press('Enter')
    const sentence = await told(/曜 \d+時台に出て、48時間たった投稿/)
    equal(number(/投稿 (\d+)件/.exec(sentence)[1]), n, sentence)
    const address = page.url()
    await page.goto(address)
    equal(await told(/曜 \d+時台/), sentence, 'the address tells it all')
    const few = await rows()
    await page.getByRole('button', { name: /時台」の絞り込みを外す/ }).click()
    await page.waitForFunction((before) => document.querySelectorAll('tbody tr').length > before, few)
    truth(!page.url().includes('weekday') && page.url().includes('value=settled'), page.url())
    await page.goBack()
    equal(await told(/曜 \d+時台/), sentence, 'back again')
    await button('絞り込みをやめる').click()
    await told(/^直近28日に出た投稿/)
    equal(await page.getByRole('list', { name: '絞り込み' }).count(), 0, 'chips')
  })

  await runner.test('a day of the chart leads to what posts gained that day, from its table and from the picture', async () => {
    await page.goto(`${base}/measure`)
    await chart.getByText('表で見る').click()
    const day = chart.locator('tbody tr').filter({ has: page.locator('td:first-of-type a') }).nth(3)
    const value = number(await day.locator('td a').first().innerText())
    await day.locator('td a').first().click()
    equal(number(/合計 ([\d,.]+)/.exec(await told(/\d日?[^ ]*に「.+」が動いた投稿/))[1]), value, 'what the list comes to')
    truth(/first_day=(\d{4}-\d\d-\d\d)&last_day=\1/.test(page.url()), page.url())
    await page.goBack()
    const picture = chart.locator('.plot')
    const box = await picture.boundingBox()
    await page.mouse.move(box.x + box.width * 0.6, box.y + box.height / 2)
    await page.mouse.click(box.x + box.width * 0.6, box.y + box.height / 2)
    await told(/が動いた投稿/)
    truth(page.url().includes('first_day='), page.url())
  })

  await runner.test('a row of groups leads to its posts, as many as it says', async () => {
    await page.goto(`${base}/measure/breakdown?by=weekday&days=90`)
    const row = page.locator('tbody tr').nth(1)
    const [count, total] = [number(await row.locator('td.n').nth(0).innerText()), number(await row.locator('td.n').nth(1).innerText())]
    await row.locator('th a').click()
    const sentence = await told(/直近90日・.曜に出た投稿/)
    equal(number(/合計 ([\d,.]+)/.exec(sentence)[1]), total, sentence)
    truth(number(/投稿 (\d+)件/.exec(sentence)[1]) >= count, sentence)
    await page.goto(`${base}/measure/breakdown?by=tag&days=90`)
    const none = page.locator('tbody tr').filter({ has: page.getByRole('rowheader', { name: 'なし', exact: true }) })
    if (await none.count()) {
      await none.locator('th a').click()
      await told(/ハッシュタグなし/)
    }
  })

  await runner.test('another metric is drawn, and what is of accounts alone leads to no posts and says so', async () => {
    await page.goto(`${base}/measure`)
    const metric = chart.getByLabel('指標')
    await metric.selectOption({ label: 'いいね' })
    await chart.getByRole('img', { name: '日ごとの推移: いいね' }).waitFor()
    await chart.getByRole('link', { name: 'この数字の投稿を見る' }).waitFor()
    await metric.selectOption('followers')
    await chart.getByText('アカウント全体について伝える数字').waitFor()
    equal(await chart.locator('tbody a').count(), 0, 'links of days')
  })

  await runner.test('the days before or another account stand beside it', async () => {
    const against = chart.getByLabel('比べる相手')
    await chart.getByLabel('指標').selectOption('engagements')
    await against.selectOption('')
    await page.waitForFunction(() => document.querySelectorAll('[aria-labelledby="per-day"] .legend .name').length === 1)
    const other = against.locator('option').nth(2)
    const handle = await other.innerText()
    await against.selectOption(await other.getAttribute('value'))
    await chart.locator('.legend').getByText(handle).waitFor()
    await chart.locator('.legend').getByText('すべて').waitFor()
  })

  await runner.test('a day is noted, changed, and taken back by undo', async () => {
    await button('日付に注記を付ける').click()
    const dialog = page.getByRole('dialog')
    truth(await dialog.getByRole('button', { name: '保存' }).isDisabled(), 'nothing said yet')
    await dialog.getByLabel('何があったか').fill('ためしの注記')
    await dialog.getByLabel('種類').selectOption({ label: 'メディア掲載' })
    await dialog.getByRole('button', { name: '保存' }).click()
    const note = chart.locator('.marks li').filter({ hasText: 'ためしの注記' })
    await note.getByText('メディア掲載').waitFor()
    await note.getByRole('button', { name: '編集' }).click()
    await dialog.getByLabel('何があったか').fill('直した注記')
    await dialog.getByRole('button', { name: '保存' }).click()
    const changed = chart.locator('.marks li').filter({ hasText: '直した注記' })
    await changed.getByRole('button', { name: '消す' }).click()
    await changed.waitFor({ state: 'detached' })
    await button('元に戻す').click()
    await changed.waitFor()
    await changed.getByRole('button', { name: '消す' }).click()
    await changed.waitFor({ state: 'detached' })
  })

  equal(faults, [], 'console errors')
  await context.close()
}
