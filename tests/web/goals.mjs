// Goals, unusual days and findings on the demo: made, opened, put away and taken back; a reason kept; a plan made a task.
import { equal, openPage, truth } from './browser.mjs'

export async function goals(runner, browser, base) {
  const { context, page, faults } = await openPage(browser)
  const api = (path) => page.evaluate(async (address) => {
    const session = await (await fetch('/api/v1/session')).json()
    return (await fetch(`/api/v1/workspaces/${session.workspaces[0].workspace_id}${address}`)).json()
  }, path)

  await page.goto(base)
  const demo = page.getByRole('button', { name: 'デモを見る' })
  await demo.or(page.locator('nav')).first().waitFor()
  if (await demo.isVisible()) await demo.click()
  await page.locator('nav').first().waitFor()

  await runner.test('a goal is made, says what is likely, and opens its days', async () => {
    await page.goto(`${base}/measure`)
    await page.getByRole('link', { name: '目標', exact: true }).click()
    await page.getByRole('button', { name: '目標を作る' }).first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('名前').fill('ためしの目標')
    await dialog.getByLabel('何を').selectOption({ label: 'いいね' })
    truth(await dialog.getByRole('button', { name: '保存' }).isDisabled(), 'no target yet')
    await dialog.getByLabel('目標の合計').fill('1000000')
    const since = new Date(Date.now() - 20 * 86400e3).toISOString().slice(0, 10) // just after midnight today's likes are none
    await dialog.getByLabel('開始日').fill(since)
    await dialog.getByRole('button', { name: '保存' }).click()
    const card = page.getByRole('article', { name: 'ためしの目標' })
    await card.getByText('達成の見込みは1% 以下').waitFor()
    await card.getByText('要注意').waitFor()
    await card.getByRole('button', { name: '推移と見込み' }).click()
    await card.getByRole('img', { name: '「ためしの目標」の推移と見込み' }).waitFor()
    await card.getByText('表で見る').click()
    truth((await card.locator('tbody tr').count()) > 25, 'a row a day')
  })

  await runner.test('a goal that is at risk stands on Today and leads to itself', async () => {
    await page.goto(base)
    const card = page.getByRole('region', { name: '届きそうにない目標' })
    const link = card.getByRole('link', { name: 'ためしの目標' })
    await link.getByText('達成の見込み 1% 以下').waitFor()
    await link.click()
    await page.getByRole('img', { name: '「ためしの目標」の推移と見込み' }).waitFor()
  })

  await runner.test('where it stands leads to posts that come to it', async () => {
    const number = (text) => Number(text.replaceAll(/[^\d.]/g, ''))
    const actual = page.getByRole('article', { name: 'ためしの目標' }).locator('.way a')
    const stands = number(await actual.innerText())
    await actual.click()
    const say = page.locator('p.say').filter({ hasText: /「いいね」が動いた投稿/ })
    await say.waitFor()
    equal(number(/合計 ([\d,.]+)/.exec(await say.innerText())[1]), stands, 'what the list comes to')
    await page.goBack()
    await actual.waitFor()
  })

  await runner.test('what makes no sense stands at its field', async () => {
    await page.getByRole('button', { name: '目標を作る' }).first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('名前').fill('おかしな目標')
    await dialog.getByLabel('目標の数').fill('5')
    await dialog.getByLabel('期日').fill('2020-01-01')
    await dialog.getByRole('button', { name: '保存' }).click()
    await dialog.getByText('開始日と期日が正しくありません').waitFor()
    await dialog.getByRole('button', { name: 'やめる' }).click()
  })

  await runner.test('put away is taken back by undo', async () => {
    const card = page.getByRole('article', { name: 'ためしの目標' })
    await card.getByRole('button', { name: 'しまう' }).click()
    await card.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: '元に戻す' }).click()
    await card.waitFor()
    await card.getByRole('button', { name: 'しまう' }).click()
    await card.waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'しまったもの' }).click()
    await card.getByRole('button', { name: '戻す' }).waitFor()
  })

  await runner.test('an unusual day shows its days and posts, and keeps a reason', async () => {
    await page.goto(`${base}/measure/anomalies`)
    const card = page.getByRole('article').first()
    await card.getByRole('button', { name: '推移と投稿' }).click()
    await card.getByRole('img').waitFor()
    await card.getByLabel('理由').fill('テレビで紹介された')
    await card.getByRole('button', { name: '理由を残す' }).click()
    await page.getByText('理由を書きました').waitFor()
    await page.getByRole('link', { name: '確認済み' }).click()
    await page.getByText('テレビで紹介された').first().waitFor()
    await page.getByRole('article').first().getByRole('button', { name: '未確認に戻す' }).click()
  })

  await runner.test('a finding that cannot be told says what it would take', async () => {
    await page.goto(`${base}/measure/findings`)
    await page.getByRole('heading', { name: '曜日と時刻' }).waitFor()
    const rows = page.getByText('まだ言えない')
    await rows.first().waitFor()
    const told = (await page.getByText('見分けるには').count()) + (await page.getByRole('button', { name: 'タスクにする' }).count())
    equal(told >= (await rows.count()), true, 'each says how it could be told')
  })

  equal(faults, [], 'console errors')
  await context.close()
}
