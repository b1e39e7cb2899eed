// People on the demo: found by a part of a name, noted and tagged, consent recorded, bundled with a live count, merged and taken apart, deleted with a certificate.
import { openPage, settles, truth } from './browser.mjs'

export async function contacts(runner, browser, base) {
  const { context, page, faults } = await openPage(browser)
  const button = (name, where = page) => where.getByRole('button', { name, exact: true })
  const becomes = (look, what) => settles(async () => truth(await look(), what))
  const dialog = page.getByRole('dialog')
  const list = page.getByRole('region', { name: '人', exact: true })
  let first = ''

  await page.goto(base)
  await page.locator('nav').first().waitFor()

  await runner.test('who said something is in the list, and is found by the beginning of the name', async () => {
    await page.keyboard.press('g')
    await page.keyboard.press('h')
    await page.getByRole('heading', { level: 1, name: '人' }).waitFor()
    await list.getByRole('link').first().waitFor()
    const all = await list.getByRole('link').count()
    truth(all >= 2, 'people of the demo')
    await list.getByRole('link').first().click()
    await page.getByLabel('名前', { exact: true }).fill('織田 検子')
    await page.getByLabel('タグ', { exact: true }).fill('常連、試験')
    await button('保存する').click()
    await page.getByText('保存しました').waitFor()
    first = page.url()
    await page.getByRole('link', { name: '人の一覧' }).click()
    await page.getByRole('searchbox', { name: '人を探す' }).fill('検子')
    await becomes(async () => (await list.getByRole('link').count()) === 1 && (await list.getByText('織田 検子').count()) === 1, 'only who was asked for')
  })

  await runner.test('a note and a consent are written down', async () => {
    await page.goto(first)
    await page.getByLabel('メモを書く').fill('窓際の席が好き')
    await button('追加する').click()
    await page.getByText('窓際の席が好き').waitFor()
    await page.getByLabel('どこで・どのように').fill('店頭の用紙')
    await button('記録する').click()
    await page.getByRole('region', { name: '同意' }).getByText('同意あり').first().waitFor()
  })

  await runner.test('a segment counts while it is made', async () => {
    await page.goto(`${base}/contacts?tab=segments`)
    await button('セグメントを作る').first().click()
    await dialog.getByLabel('セグメントの名前').fill('試験の人')
    await dialog.getByLabel('値', { exact: true }).selectOption('試験')
    await dialog.getByText('当てはまる人: 1人').waitFor()
    await dialog.getByLabel('組み合わせ').last().selectOption({ label: 'でない' })
    await becomes(async () => !(await dialog.getByText('当てはまる人: 1人').count()), 'the others')
    await dialog.getByLabel('組み合わせ').last().selectOption({ label: 'である' })
    await dialog.getByText('当てはまる人: 1人').waitFor()
    await button('保存する', dialog).click()
    await page.getByRole('link', { name: '人を見る' }).click()
    await list.getByText('織田 検子').waitFor()
  })

  await runner.test('two are merged and taken apart again', async () => {
    await page.goto(`${base}/contacts`)
    await list.getByRole('link').first().waitFor()
    const other = list.getByRole('link').filter({ hasNotText: '織田 検子' }).first()
    await other.click()
    await page.getByLabel('ほかの人とまとめる').fill('検子')
    await button('まとめる').click()
    const merges = page.getByRole('region', { name: 'まとめた人' })
    await merges.getByText('織田 検子').waitFor()
    await button('元に戻す', merges).click()
    await becomes(async () => (await merges.getByText('織田 検子').count()) === 0, 'two again')
  })

  await runner.test('a person is deleted for good, and the certificate says so', async () => {
    await page.goto(first)
    await button('この人を削除').click()
    await dialog.getByText('次のものをすべて消します。元に戻せません。').waitFor()
    await button('完全に削除する', dialog).click()
    await page.getByText('確認済み: 残り 0').first().waitFor({ timeout: 20000 })
    await page.goto(first)
    await page.getByRole('alert').first().waitFor()
  })

  faults.splice(0, faults.length, ...faults.filter((fault) => !/404/.test(fault)))
  truth(faults.length === 0, faults.join('; '))
  await context.close()
}
