// Posts as a table on the demo: a file with errors shows each and imports nothing, the mended one is imported once and stands in the calendar, and goes out again.
import { equal, openPage, serious, truth } from './browser.mjs'

const HEAD = '日付,時刻,アカウント,本文,状態\r\n'

export async function bulk(runner, browser, base) {
  const { context, page, faults } = await openPage(browser)
  const button = (name) => page.getByRole('button', { name, exact: true })
  const give = (name, text) => page.getByTestId('table').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) })
  const api = (path) => page.evaluate(async (address) => {
    const session = await (await fetch('/api/v1/session')).json()
    return (await fetch(`/api/v1/workspaces/${session.workspaces[0].workspace_id}${address}`)).json()
  }, path)

  await page.goto(base)
  const demo = page.getByRole('button', { name: 'デモを見る' })
  await demo.or(page.locator('nav')).first().waitFor()
  if (await demo.isVisible()) await demo.click()
  await page.locator('nav').first().waitFor()
  const account = (await api('/accounts')).accounts.find((one) => one.network === 'bluesky') ?? (await api('/accounts')).accounts[0]

  await runner.test('from the calendar to the table, with its days and filters', async () => {
    await page.goto(`${base}/calendar?view=month&day=2031-05-10`)
    await page.getByRole('link', { name: '表で' }).click()
    await page.getByRole('heading', { level: 1, name: '表でまとめて' }).waitFor()
    equal([await page.getByLabel('この日から').inputValue(), await page.getByLabel('この日まで').inputValue()], ['2031-05-01', '2031-05-31'], 'the days')
  })

  await runner.test('every error is shown at its row, and nothing can be imported', async () => {
    await give('五月.csv', `${HEAD}5月1日,9:00,${account.id},読めない日付,\r\n2031-05-11,9:00,だれ,知らない人,\r\n2031-05-12,9:00,${account.id},よい投稿,\r\n`)
    await page.getByText('「5月1日」は日付として読めません').waitFor()
    await page.getByText('「だれ」というアカウントは接続されていません').waitFor()
    await page.getByText('2 行目 · 日付').waitFor()
    truth(await button('3 件を取り込む').isDisabled(), 'the button is off')
    const saved = page.waitForEvent('download')
    await page.getByRole('link', { name: '一覧をCSVで保存' }).click()
    truth((await saved).suggestedFilename().endsWith('.csv'), 'the list is a file')
    equal((await api('/posts?from=2031-05-01T00:00:00Z&to=2031-06-01T00:00:00Z')).posts, [], 'what is stored')
  })

  await runner.test('what is on its way is there after the page is loaded anew', async () => {
    await page.reload()
    await page.getByText('五月.csv').waitFor()
    await page.getByText('「だれ」というアカウントは接続されていません').waitFor()
    await button('別のファイルを選ぶ').click()
  })

  await runner.test('the mended file is shown as it will be and imported whole', async () => {
    await give('五月.csv', `${HEAD}2031-05-11,9:00,${account.id},"=母の日の豆\n「ふるさと」",\r\n2031-05-12,10:30,${account.id},二つ目,\r\n`)
    await page.getByText('二つ目').waitFor()
    await page.getByText('2031/5月11日').or(page.getByText(/2031.*5.*11.*09:00/)).first().waitFor()
    await button('2 件を取り込む').press('Enter')
    await page.getByText('2 件を取り込みました。').waitFor()
    equal((await api('/posts?from=2031-05-01T00:00:00Z&to=2031-06-01T00:00:00Z')).posts.map((one) => [one.text, one.state]), [['=母の日の豆\n「ふるさと」', 'draft'], ['二つ目', 'draft']], 'what is stored')
    await page.getByRole('link', { name: 'カレンダーで見る' }).click()
    await page.getByText('二つ目').first().waitFor()
  })

  await runner.test('they go out as a table that no spreadsheet runs', async () => {
    await page.getByRole('link', { name: '表で' }).click()
    const saved = page.waitForEvent('download')
    await page.getByRole('link', { name: 'CSVで保存', exact: true }).click()
    const chunks = []
    for await (const chunk of await (await saved).createReadStream()) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString('utf8')
    truth(text.startsWith('\ufeff日付,時刻,アカウント,本文') && text.includes('"\'=母の日の豆\n「ふるさと」"'), text.slice(0, 400))
  })

  await runner.test('a file that is no table says so and leaves the page usable', async () => {
    await page.goto(`${base}/bulk`)
    await button('別のファイルを選ぶ').click()
    await give('写真.csv', '\u0000\u0001PNG')
    await page.getByText('文字コードを判別できません').waitFor()
    truth(await button('ファイルを選ぶ').isEnabled(), 'another can be chosen')
  })

  for (const [theme, width] of [['light', 1280], ['dark', 390]]) {
    await runner.test(`errors and preview in ${theme} at ${width} px are accessible and keep within the screen`, async () => {
      const { context: other, page: there } = await openPage(browser, { theme, width, bypassCSP: true })
      await other.addCookies(await context.cookies())
      await there.goto(`${base}/bulk`)
      await there.getByTestId('table').setInputFiles({ name: 'とても長い名前のファイル'.repeat(6) + '.csv', mimeType: 'text/csv', buffer: Buffer.from(`${HEAD}2031-05-01,25時,x,${'長い本文'.repeat(40)},\r\n2031-05-11,9:00,${account.id},よい,予約\r\n`) })
      await there.getByText('2 行目 · 時刻').waitFor()
      equal(await serious(there), [], 'findings')
      equal(await there.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth), false, 'overflow')
      if (process.env.HIBIKI_SHOTS) await there.screenshot({ path: `${process.env.HIBIKI_SHOTS}/bulk-${theme}-${width}.png`, fullPage: true })
      await other.close()
    })
  }
  equal(faults, [], 'console errors')
  await context.close()
}
