// Planning on the demo: a campaign from its goal to its posts, two people at one campaign, an idea that becomes a draft, a task ticked off on Today.
import { equal, openPage, settles, truth } from './browser.mjs'

export async function planning(runner, browser, base) {
  const { context, page, faults } = await openPage(browser)
  const button = (name, where = page) => where.getByRole('button', { name, exact: true })
  const becomes = (look, what) => settles(async () => truth(await look(), what))
  const dialog = page.getByRole('dialog')
  const api = (path, options) => page.evaluate(async ([address, init]) => {
    const session = await (await fetch('/api/v1/session')).json()
    const reply = await fetch(`/api/v1/workspaces/${session.workspaces[0].workspace_id}${address}`, { ...init, headers: { 'X-CSRF-Token': session.csrf, 'Content-Type': 'application/json' } })
    return reply.status === 204 ? null : reply.json()
  }, [path, options ?? {}])
  const called = async (name) => (await api('/campaigns')).campaigns.find((one) => one.name === name)

  await page.goto(base)
  await page.locator('nav').first().waitFor()

  await runner.test('a campaign is made with goal, days and budget, and its page shows them', async () => {
    await page.goto(`${base}/campaigns`)
    await button('キャンペーンを作る').click()
    await dialog.getByLabel('名前').fill('春の新豆')
    await dialog.getByLabel('始まりの日').fill('2031-03-01')
    await dialog.getByLabel('終わりの日').fill('2031-03-31')
    await dialog.getByLabel('指標').selectOption({ label: 'ER(リーチ)' })
    await dialog.getByText('エンゲージメント数 ÷ リーチ').waitFor() // what it is divided by
    await dialog.getByLabel('目標値(%)').fill('4.5')
    await dialog.getByLabel('予算', { exact: true }).fill('80000')
    await dialog.getByLabel('食品・飲食').check()
    await button('作る', dialog).click()
    await page.getByRole('heading', { level: 1, name: '春の新豆' }).waitFor()
    await page.getByText('ER(リーチ) 4.5%').waitFor()
    const made = await called('春の新豆')
    equal([made.goal, made.budget, made.industries], [{ metric: 'er_reach', target: 0.045 }, { amount_minor: 80000, currency: 'JPY' }, ['food']], 'what is stored')
  })

  await runner.test('days the wrong way round are said at the field and nothing is lost', async () => {
    await button('変える').click()
    await dialog.getByLabel('終わりの日').fill('2031-02-01')
    await button('保存', dialog).click()
    await dialog.getByText('終わりの日が始まりの日より前です').waitFor()
    equal(await dialog.getByLabel('名前').inputValue(), '春の新豆', 'the name')
    await page.keyboard.press('Escape')
  })

  await runner.test('the brief is written on one page', async () => {
    await button('ブリーフを書く').click()
    await dialog.getByLabel('一つのメッセージと根拠').fill('浅煎りの香りを、朝に。')
    await button('保存', dialog).click()
    await page.getByText('浅煎りの香りを、朝に。').waitFor()
    await page.getByText('あと 14 項目').waitFor()
  })

  await runner.test('the second of two people sees both versions and chooses', async () => {
    const made = await called('春の新豆')
    await button('変える').click()
    await dialog.getByLabel('名前').fill('春の新豆フェア')
    await api(`/campaigns/${made.id}`, { method: 'PUT', body: JSON.stringify({ version: made.version, campaign: { name: '春の豆まつり', status: 'running' } }) })
    await button('保存', dialog).click()
    await page.getByText('ほかの人も変えました').waitFor()
    await page.getByRole('cell', { name: '春の豆まつり' }).waitFor()
    await page.getByRole('cell', { name: '春の新豆フェア' }).waitFor()
    await button('あなたの版で上書き').click()
    await page.getByRole('heading', { level: 1, name: '春の新豆フェア' }).waitFor()
  })

  await runner.test('a post is written into the campaign, and the campaign is held alone', async () => {
    await page.getByRole('link', { name: '投稿を作る' }).last().click()
    await page.getByLabel('本文', { exact: true }).fill('新しい豆が届きました')
    await page.waitForURL(/\/compose\/[0-9a-f-]{36}$/)
    const made = await called('春の新豆フェア')
    await becomes(async () => (await api(`/posts?campaign=${made.id}`)).posts.length === 1, 'the post is in the campaign')
    await page.goto(`${base}/campaigns/${made.id}`)
    await page.getByRole('link', { name: /新しい豆が届きました/ }).waitFor()
    const switchOf = page.locator('section', { has: page.getByRole('heading', { name: 'このキャンペーンを止める' }) }).last()
    await switchOf.getByRole('button').click()
    await switchOf.getByText('止めています').waitFor()
    await becomes(async () => (await api('/hold')).switches.some((one) => one.scope === 'campaign' && one.subject_id === made.id), 'the switch')
    await api('/hold', { method: 'PUT', body: JSON.stringify({ is_held: false, campaign_id: made.id }) })
  })

  await runner.test('an idea is noted, moved by keyboard, and becomes a draft once', async () => {
    await page.goto(`${base}/ideas`)
    await page.getByLabel('題', { exact: true }).fill('湯気だけの写真')
    await page.keyboard.press('Enter')
    const card = button('湯気だけの写真')
    await card.waitFor()
    await card.focus()
    await page.keyboard.press('Shift+ArrowRight')
    await becomes(async () => (await api('/ideas')).ideas.some((one) => one.title === '湯気だけの写真' && one.status === 'shaping'), 'the idea has moved')
    await becomes(() => page.evaluate(() => document.activeElement?.textContent === '湯気だけの写真'), 'the focus stays on it')
    await page.locator('article', { has: card }).getByRole('button', { name: /下書きにする/ }).click()
    await page.waitForURL(/\/compose\/[0-9a-f-]{36}$/)
    equal(await page.getByLabel('本文', { exact: true }).inputValue(), '湯気だけの写真', 'the text')
    await page.goto(`${base}/ideas`)
    await page.locator('article', { has: card }).getByRole('link', { name: /下書きを開く/ }).waitFor()
  })

  await runner.test('an idea is dragged to another column and back by undo', async () => {
    const made = await api('/ideas', { method: 'POST', body: JSON.stringify({ title: '引きずる' }) })
    const status = async () => (await api(`/ideas/${made.id}`)).status
    await button('引きずる').waitFor()
    await page.locator('article', { has: button('引きずる') }).dragTo(page.locator('section', { has: page.getByRole('heading', { name: /^作る/ }) }))
    await becomes(async () => (await status()) === 'ready', 'the idea has moved')
    await button('元に戻す').click()
    await becomes(async () => (await status()) === 'new', 'the idea is back')
    await api(`/ideas/${made.id}`, { method: 'DELETE' })
  })

  await runner.test('a task stands on Today of whom it is given to and goes when it is done', async () => {
    await page.goto(`${base}/tasks`)
    await button('タスクを足す').click()
    await dialog.getByLabel('やること').fill('豆の在庫を数える')
    await dialog.getByLabel('期日').fill('2020-01-01')
    await button('保存', dialog).click()
    await page.getByText('豆の在庫を数える').waitFor()
    await page.goto(base)
    const mine = page.locator('section', { has: page.getByRole('heading', { name: '自分の番' }) })
    await mine.getByText('期日を過ぎました').first().waitFor()
    await mine.getByLabel('「豆の在庫を数える」を終える').check()
    await becomes(async () => (await api('/tasks?done=true')).tasks.some((one) => one.title === '豆の在庫を数える'), 'the task is done')
    await becomes(async () => (await mine.getByText('豆の在庫を数える').count()) === 0, 'it is gone from Today')
  })

  await runner.test('on a phone campaigns and ideas are behind the last button of the bar', async () => {
    const phone = await openPage(browser, { width: 390 })
    await phone.page.goto(base)
    await phone.page.locator('nav').first().waitFor()
    await button('その他', phone.page).click()
    await phone.page.getByRole('dialog').getByRole('link', { name: 'キャンペーン' }).click()
    await phone.page.getByRole('heading', { level: 1, name: 'キャンペーン' }).waitFor()
    truth(phone.faults.length === 0, `console errors: ${phone.faults}`)
    await phone.context.close()
  })

  equal(faults, [], 'console errors')
  await context.close()
}
