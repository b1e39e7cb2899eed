// A file of numbers on the demo: its columns are named, wrong rows are told, it is stored, seen among the posts, and taken back.
import { equal, openPage, truth } from './browser.mjs'

const FILE = '名札,書いた日,ひとこと,すき\nn-1,2026-11-01 10:00,取り込んだ一つ目,987654\nn-2,2026-11-02 10:00,取り込んだ二つ目,5\nn-3,きのう,読めない行,6\n'

export async function numbers(runner, browser, base) {
  const { context, page, faults } = await openPage(browser)
  const button = (name) => page.getByRole('button', { name, exact: true })
  await page.goto(base)
  const demo = page.getByRole('button', { name: 'デモを見る' })
  await demo.or(page.locator('nav')).first().waitFor()
  if (await demo.isVisible()) await demo.click()
  await page.locator('nav').first().waitFor()

  await runner.test('a file of numbers is shown as it would be stored, once its columns are named', async () => {
    await page.goto(`${base}/measure`)
    await page.getByRole('link', { name: '数値の取り込み', exact: true }).click()
    await page.getByText('まだ取り込んだファイルはありません').waitFor()
    await page.getByTestId('table').setInputFiles({ name: '数字.csv', mimeType: 'text/csv', buffer: Buffer.from(FILE) })
    await page.getByText('数字の列がありません').waitFor()
    for (const [head, role] of [['名札', '投稿のID'], ['書いた日', '投稿した日時'], ['ひとこと', '本文'], ['すき', 'いいね']]) {
      await page.getByLabel(head, { exact: true }).selectOption({ label: role })
      await page.waitForFunction((name) => ![...document.querySelectorAll('select')].some((one) => one.disabled) && name, head)
    }
    const account = page.getByLabel('どのアカウントの数値か')
    await account.selectOption(await account.locator('option').nth(1).getAttribute('value'))
    await page.getByText('取り込んだ一つ目').waitFor()
    await page.getByText('4行目').waitFor()
    truth(await button('2行を取り込む').isDisabled(), 'not while a row is wrong')
  })

  await runner.test('it is stored without the row that is wrong and stands among the posts', async () => {
    await page.getByLabel('読めない1行を除いて取り込む').check()
    await button('2行を取り込む').click()
    await page.getByText('2行、2個の数値です。').waitFor()
    await page.goto(`${base}/measure/posts?days=366&metric=likes`)
    await page.getByText('取り込んだ一つ目').waitFor()
    await page.getByText('取り込んだファイル').first().waitFor()
  })

  await runner.test('taken back, it stands nowhere', async () => {
    await page.goto(`${base}/measure/imports`)
    await button('取り消す').click()
    await button('取り込みを取り消す').click()
    await page.getByTestId('numbers-list').getByText('取り消しました').waitFor()
    await page.goto(`${base}/measure/posts?days=366&metric=likes`)
    await page.locator('tbody tr').first().waitFor()
    equal(await page.getByText('取り込んだ一つ目').count(), 0, 'the post')
  })

  equal(faults, [], 'console errors')
  await context.close()
}
