// Links on the demo: a short link made, followed and counted, its QR code, its new target; naming rules; the composer's switch.
import { equal, openPage, settles, truth } from './browser.mjs'

const AGENT = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1'

export async function links(runner, browser, base) {
  const { context, page, faults } = await openPage(browser)
  const button = (name, where = page) => where.getByRole('button', { name, exact: true })
  const dialog = page.getByRole('dialog')
  let code = ''
  /** Where a visitor is led. */
  const follow = async () => (await fetch(`${base}/l/${code}`, { redirect: 'manual', headers: { 'User-Agent': AGENT } })).headers.get('location')

  await page.goto(base)
  await page.locator('nav').first().waitFor()

  await runner.test('the demo has links with four weeks of visits, and what came of them', async () => {
    await page.goto(`${base}/links`)
    const row = page.getByRole('listitem').filter({ hasText: '冬のブレンド(通販)' })
    await row.waitFor()
    truth(Number((await row.innerText()).match(/クリック\s*([\d,]+)/)?.[1]) > 100, 'its clicks')
    await page.goto(`${base}/results`)
    const credit = page.getByRole('row').filter({ hasText: 'Instagram' }).first()
    await credit.getByText('95%の区間').waitFor()
    await page.goto(base)
    await page.locator('nav').first().waitFor()
  })

  await runner.test('a short link is made by keyboard and shows its address and QR code', async () => {
    await page.keyboard.press('g')
    await page.keyboard.press('u')
    await page.getByRole('heading', { level: 1, name: 'リンク' }).waitFor()
    await button('リンクを作る').first().click()
    await dialog.getByLabel('リンク先', { exact: true }).fill('javascript:alert(1)')
    await button('作る', dialog).click()
    await dialog.getByRole('alert').getByText('http://かhttps://').waitFor()
    await dialog.getByLabel('リンク先', { exact: true }).fill('https://example.com/summer')
    await dialog.getByLabel('名前', { exact: true }).fill('夏の案内')
    await button('作る', dialog).click()
    await page.getByRole('dialog', { name: '夏の案内' }).waitFor()
    code = (await dialog.getByLabel('短いリンク', { exact: true }).inputValue()).split('/l/')[1]
    truth(/^[2-9a-z]{7}$/.test(code), 'a code of seven')
    const image = dialog.getByRole('img')
    await settles(async () => truth(await image.evaluate((one) => one.naturalWidth > 0), 'the QR code is drawn'))
    equal(await follow(), 'https://example.com/summer', 'target')
  })

  await runner.test('its clicks appear by themselves, and a new target holds at once', async () => {
    await settles(async () => truth((await dialog.locator('dd').first().innerText()) === '1', 'one click'))
    await button('変える', dialog).click()
    await dialog.getByLabel('リンク先', { exact: true }).fill('https://example.com/autumn')
    await button('保存する', dialog).click()
    await page.getByRole('dialog', { name: '夏の案内' }).waitFor()
    equal(await follow(), 'https://example.com/autumn', 'target')
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })

  await runner.test('it is found by words, put away and brought back', async () => {
    await page.getByRole('searchbox').fill('夏の')
    await page.getByRole('link', { name: '夏の案内' }).click()
    await button('しまう', dialog).click()
    await settles(async () => equal(await follow(), null, 'an ended link leads nowhere'))
    await button('元に戻す').click()
    await settles(async () => equal(await follow(), 'https://example.com/autumn', 'it is back'))
  })

  await runner.test('naming rules are set and kept to', async () => {
    await page.goto(`${base}/settings/words`)
    const card = page.getByRole('region', { name: 'リンクの名付け(UTM)' })
    await card.getByLabel('小文字だけにする').check()
    await button('保存する', card).click()
    await page.getByText('保存しました').first().waitFor()
    await page.goto(`${base}/links`)
    await button('リンクを作る').first().click()
    await dialog.getByLabel('リンク先', { exact: true }).fill('https://example.com/?utm_source=X')
    await button('作る', dialog).click()
    await dialog.getByRole('alert').getByText('utm_source').waitFor()
    await page.keyboard.press('Escape')
    await page.goto(`${base}/settings/words`)
    await card.getByLabel('小文字だけにする').uncheck()
    await button('保存する', card).click()
    await page.getByText('保存しました').first().waitFor()
  })

  await runner.test('the composer makes links short, and says how they will look', async () => {
    await page.goto(`${base}/compose`)
    await page.getByLabel('リンクを短くする').check()
    await page.getByRole('textbox').first().fill('お知らせ https://example.com/a-very-long-address/of-a-page')
    await settles(async () => truth(await page.getByText('/l/xxxxxxx').first().isVisible(), 'the preview has the short form'))
    equal(faults.filter((one) => !one.includes('422')), [], 'console errors')
  })
  await context.close()
}
