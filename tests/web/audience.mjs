// Who follows, on the demo: the first account that tells is open, another is chosen, one whose network tells nothing says so.
import { equal, openPage, truth } from './browser.mjs'

export async function audience(runner, browser, base) {
  const { context, page, faults } = await openPage(browser)
  await page.goto(base)
  const demo = page.getByRole('button', { name: 'デモを見る' })
  await demo.or(page.locator('nav')).first().waitFor()
  if (await demo.isVisible()) await demo.click()
  await page.locator('nav').first().waitFor()
  const choose = async (network) => {
    const select = page.getByLabel('アカウント')
    const value = await select.locator('option').evaluateAll((options, name) => options.find((one) => one.textContent.startsWith(name)).value, network)
    await select.selectOption(value)
  }

  await runner.test('an audience stands in words beside its bars, and what is not told too', async () => {
    await page.goto(`${base}/measure`)
    await page.getByRole('link', { name: 'オーディエンス', exact: true }).click()
    const table = page.getByRole('region', { name: '年齢' })
    await table.getByRole('row', { name: /^25–34歳 \d/ }).waitFor()
    truth((await table.getByRole('row', { name: /^伝えられていない \d/ }).count()) === 1, 'the rest is told apart')
    const years = await table.locator('tbody th span').allTextContents()
    equal(years, ['13–17歳', '18–24歳', '25–34歳', '35–44歳', '45–54歳', '55–64歳', '65+歳', '伝えられていない'].map((one) => one.replace('65+歳', '65歳以上')), 'ages in their order')
    await page.getByText('練習データ').first().waitFor()
  })

  await runner.test('another account is chosen by keyboard or mouse and stays in the address', async () => {
    await choose('LINE')
    await page.getByRole('region', { name: '友だちになってから' }).waitFor()
    truth(page.url().includes('account='), 'the address names the account')
    await page.reload()
    await page.getByRole('region', { name: '都道府県など' }).getByText('東京').waitFor()
  })

  await runner.test('youtube tells of viewers, and a network that tells nothing is said to', async () => {
    await choose('YouTube')
    await page.getByText('直近90日に動画を見た人').waitFor()
    await choose('Mastodon')
    await page.getByText('このネットワークはフォロワーの内訳を伝えていません').waitFor()
    equal(await page.getByRole('table').count(), 0, 'no table')
  })

  equal(faults, [], 'console errors')
  await context.close()
}
