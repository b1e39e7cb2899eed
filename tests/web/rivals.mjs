// Competitors on the demo: one is added by its address, an unknown one is refused at the field, the table has both, and it is removed.
import { equal, openPage, truth } from './browser.mjs'

export async function rivals(runner, browser, base) {
  const { context, page, faults } = await openPage(browser)
  const dialog = page.getByRole('dialog')
  await page.goto(base)
  const demo = page.getByRole('button', { name: 'デモを見る' })
  await demo.or(page.locator('nav')).first().waitFor()
  if (await demo.isVisible()) await demo.click()
  await page.locator('nav').first().waitFor()

  const remove = async (handle) => {
    await page.getByRole('button', { name: `@${handle} を外す` }).click()
    await dialog.getByRole('button', { name: '外して消す' }).click()
    await dialog.waitFor({ state: 'hidden' })
  }

  await runner.test('the demo begins with two houses beside its own, and without any the screen says what to do', async () => {
    await page.goto(`${base}/measure/rivals`)
    for (const name of [/となりの珈琲店/, /港の焙煎所/]) {
      const row = page.getByRole('row', { name })
      await row.waitFor()
      truth(/^\d+件$/.test(await row.getByRole('link', { name: /^[\d,]+件$/ }).innerText()), 'posts')
    }
    for (const handle of ['tonari.practice', 'minato.practice']) await remove(handle)
    await page.getByText('まだ競合のアカウントがありません').waitFor()
  })

  await runner.test('a competitor is added by its address and stands beside the own accounts', async () => {
    await page.goto(`${base}/measure`)
    await page.getByRole('link', { name: '競合', exact: true }).click()
    await page.getByText('まだ競合のアカウントがありません').waitFor()
    await page.getByLabel('ネットワーク').selectOption('bluesky')
    await page.getByLabel('ハンドルかアドレス').fill('https://bsky.app/profile/tonari.practice')
    await page.getByLabel('ハンドルかアドレス').press('Enter')
    const row = page.getByRole('row', { name: /となりの珈琲店/ })
    await row.waitFor()
    truth(/\d/.test(await row.getByRole('cell').first().textContent()), 'followers')
    truth((await page.getByRole('row', { name: /自社/ }).count()) >= 1, 'own accounts beside it')
    equal(await page.getByLabel('ハンドルかアドレス').inputValue(), '', 'the field is empty again')
  })

  await runner.test('the number of posts leads to the posts: of a competitor to a list that comes to it, of an own account to the ranking', async () => {
    const row = page.getByRole('row', { name: /となりの珈琲店/ })
    const count = row.getByRole('link', { name: /^[\d,]+件$/ })
    const text = await count.innerText()
    await count.click()
    const say = dialog.locator('.say')
    await say.waitFor()
    truth((await say.innerText()).includes(`投稿 ${text}。`), await say.innerText())
    equal(`${await dialog.locator('li').count()}件`, text, 'posts listed')
    truth((await dialog.locator('li a').first().getAttribute('href')).startsWith('https://bsky.app/profile/did:'), 'leads to the network')
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    truth(!page.url().includes('rival='), page.url())
    const own = page.getByRole('row', { name: /自社/ }).getByRole('link', { name: /^[\d,]+件$/ }).first()
    const owns = await own.innerText()
    await own.click()
    await page.locator('p.say').filter({ hasText: `投稿 ${owns}` }).waitFor()
    await page.goBack()
    await row.waitFor()
  })

  await runner.test('a handle nobody has is refused at its field', async () => {
    await page.getByLabel('ハンドルかアドレス').fill('nobody.practice')
    await page.getByRole('button', { name: '加える' }).click()
    await page.getByRole('alert').getByText('見つかりません').waitFor()
    equal(await page.getByLabel('ハンドルかアドレス').getAttribute('aria-invalid'), 'true', 'told at the field')
  })

  await runner.test('what a look costs on X stands there before one is added, and adds up; hidden subscribers are not 0', async () => {
    await page.getByLabel('ネットワーク').selectOption('x')
    await page.getByText(/1日 最大\$0\.11/).waitFor()
    await page.getByLabel('ハンドルかアドレス').fill('@minato')
    await page.getByRole('button', { name: '加える' }).click()
    await page.getByRole('row', { name: /港の焙煎所/ }).waitFor()
    await page.getByText(/いま1件で1日 最大\$0\.11/).waitFor()
    await page.getByLabel('ネットワーク').selectOption('youtube')
    await page.getByText(/1日 3 ユニット/).waitFor()
    await page.getByLabel('ハンドルかアドレス').fill('https://www.youtube.com/@kakushi')
    await page.getByRole('button', { name: '加える' }).click()
    const hidden = page.getByRole('row', { name: /数を見せない店/ })
    await hidden.waitFor()
    equal((await hidden.getByRole('cell').first().textContent()).trim(), '非公開', 'subscribers')
    for (const handle of ['minato', 'kakushi']) await remove(handle)
  })

  await runner.test('another period is asked for, and it is removed after asking', async () => {
    await page.getByLabel('期間').selectOption('90')
    await page.waitForURL('**/measure/rivals?days=90')
    await page.getByRole('button', { name: '@tonari.practice を外す' }).click()
    await dialog.getByRole('button', { name: 'やめる' }).click()
    await remove('tonari.practice')
    await page.getByText('まだ競合のアカウントがありません').waitFor()
  })

  equal(faults.filter((one) => !/422/.test(one)), [], 'console errors')
  await context.close()
}
