// What customers post: what is collected, a post by its link, granted with a proof; and a giveaway from the cap to winners who are told.
import { createHash, createHmac } from 'node:crypto'
import { equal, settles, truth } from './browser.mjs'
import { signedIn } from './accounts.mjs'

export async function ugc(runner, browser, base, practice) {
  const { context, page, faults, api } = await signedIn(browser, base)
  const [channel] = practice.networks.find((one) => one.network === 'line').accounts
  const destination = `U${createHash('sha256').update(channel.password).digest('hex').slice(0, 32)}`
  let said = 0

  /** A fan writes to the LINE account, as LINE signs it. */
  async function says(fan, text) {
    const { accounts } = await api('/accounts')
    const { hook } = await api(`/accounts/${accounts.find((one) => one.network === 'line').id}/health`)
    const event = { type: 'message', message: { type: 'text', id: String(7000 + ++said), quoteToken: 'q', text }, timestamp: Date.now(), source: { type: 'user', userId: `U${String(fan).padStart(32, '0')}` },
      replyToken: `ugc${said}`, mode: 'active', webhookEventId: `01UGC${said}`, deliveryContext: { isRedelivery: false } }
    const body = JSON.stringify({ destination, events: [event] })
    const reply = await fetch(hook.url, { method: 'POST', body, headers: { 'Content-Type': 'application/json', 'x-line-signature': createHmac('sha256', channel.password).update(body).digest('base64') } })
    equal(reply.status, 200, 'the answer to the webhook')
  }
  const dialog = page.getByRole('dialog')

  /** What takes the program and its practice network some seconds. */
  async function patiently(look) {
    for (let left = 8; left > 1; left--) {
      try {
        return await settles(look)
      } catch {
        continue
      }
    }
    return settles(look)
  }

  await runner.test('the empty list of customers\' posts teaches what to do', async () => {
    await page.goto(`${base}/ugc`)
    await page.getByText('まだ投稿は集まっていません').waitFor()
    await page.getByRole('button', { name: '集め方と文面' }).first().click()
    await dialog.getByLabel('集めるハッシュタグ').fill('#ひびき珈琲')
    await dialog.getByRole('button', { name: '保存' }).click()
    await dialog.waitFor({ state: 'detached' })
    equal((await api('/ugc/setting')).tags, ['ひびき珈琲'], 'the hashtags')
  })

  await runner.test('a post added by its link is granted only with a proof, and its history says so', async () => {
    await page.getByRole('button', { name: '投稿を登録' }).click()
    await dialog.getByLabel('投稿の URL').fill('https://www.instagram.com/p/hibiki-test/')
    await dialog.getByLabel('投稿者').fill('@fan')
    await dialog.getByRole('button', { name: '投稿を登録' }).click()
    await page.getByRole('button', { name: /fan/ }).first().click()
    const grant = dialog.getByRole('button', { name: '許諾として記録', exact: true })
    await grant.waitFor()
    equal(await grant.isDisabled(), true, 'without a proof the button rests')
    await dialog.getByLabel('証拠').fill('https://www.instagram.com/direct/t/1')
    await grant.click()
    await dialog.getByText('許諾済み').waitFor()
    await dialog.getByRole('button', { name: '取り消しを記録' }).waitFor()
    await dialog.getByRole('button', { name: '閉じる' }).click()
    await page.getByRole('link', { name: '許諾済み' }).click()
    await page.getByRole('button', { name: /fan/ }).waitFor()
  })

  await runner.test('a giveaway above the cap cannot open; within it, it opens once the rules are ticked', async () => {
    await page.goto(`${base}/ugc/campaigns`)
    await page.getByRole('button', { name: '新しいキャンペーン' }).first().click()
    await dialog.getByLabel('名前', { exact: true }).fill('冬の一杯')
    await dialog.getByLabel('応募方法').selectOption('message')
    await dialog.getByLabel('ハッシュタグ').fill('#冬の一杯')
    await dialog.getByLabel('開始').fill('2026-01-01T00:00')
    await dialog.getByLabel('LINE').check()
    await dialog.getByLabel('賞品名').fill('コーヒー豆')
    await dialog.getByLabel('1 個の価額(円)').fill('3000')
    await dialog.getByLabel('補欠の数').fill('1')
    await dialog.locator('select').last().selectOption('general')
    await dialog.getByRole('button', { name: '保存' }).click()
    await page.getByRole('heading', { name: '冬の一杯' }).waitFor()
    const open = page.getByRole('button', { name: '募集を始める' })
    await page.getByText('上限を超過').waitFor()
    equal(await open.isDisabled(), true, 'above the cap the button rests')
    const { contests } = await api('/ugc-campaigns')
    const contest = contests.find((one) => one.contest.name === '冬の一杯')
    await api(`/ugc-campaigns/${contest.id}`, { method: 'PUT', body: JSON.stringify({ version: contest.version, contest: { ...contest.contest, price_yen: 1000, sales_yen: 1000000 } }) })
    await page.reload()
    await page.getByText('上限内').waitFor()
    for (const box of await page.getByRole('checkbox').all()) {
      await settles(async () => truth(await box.isEnabled(), 'the box can be ticked'))
      await box.check()
    }
    await settles(async () => truth(await open.isEnabled(), 'it can open'))
    await open.click()
    await page.getByText('募集中').waitFor()
  })

  await runner.test('entries come in by themselves, it is drawn once, and winners are told', async () => {
    for (const fan of [1, 2, 2, 3]) await says(fan, '参加します #冬の一杯')
    await page.getByText('同じ人の 2 件目').waitFor({ timeout: 20_000 })
    await page.getByText('有効 3 / 応募 4').waitFor()
    await page.getByRole('button', { name: '応募を締め切る' }).click()
    await page.getByRole('button', { name: '抽選する', exact: true }).click()
    await page.getByRole('heading', { name: '当選者と補欠' }).waitFor()
    truth(await page.getByRole('link', { name: '抽選記録(JSON)' }).isVisible(), 'the protocol is offered')
    await page.getByRole('button', { name: /1 人に当選を知らせる/ }).click()
    await page.getByText('連絡済み').waitFor({ timeout: 20_000 })
    // Entered by a message, a winner hears by the answer to it; a message beside it would say the same twice.
    await page.getByText('返信: 送信済み').waitFor({ timeout: 20_000 })
    await page.getByText('DM: 送れません').waitFor()
    await page.getByRole('button', { name: '辞退・失効にする' }).click()
    await page.getByText('失効・辞退').waitFor({ timeout: 20_000 })
    equal(faults, [], 'console errors')
  })

  await runner.test('a hashtag is searched for where it is switched on, at the price that is said; what is found says so', async () => {
    await page.goto(`${base}/ugc`)
    await page.getByRole('button', { name: '集め方と文面' }).first().click()
    const x = dialog.getByRole('listitem').filter({ hasText: 'X' }).filter({ hasText: '0.005' })
    await x.waitFor()
    await dialog.getByText('検索のないネットワーク').waitFor()
    await dialog.getByRole('checkbox', { name: 'Bluesky' }).check()
    await dialog.getByRole('button', { name: '保存' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByText('検索 #ひびき珈琲').first().waitFor({ timeout: 20_000 })
    const state = page.getByText(/ハッシュタグの検索 \d+ 件/)
    await state.click()
    await page.getByText(/最後の検索/).first().waitFor()
    equal(faults, [], 'console errors')
  })

  await runner.test('what people must do is chosen when it is made, and the check and its end are seen', async () => {
    const { accounts } = await api('/accounts')
    const account = accounts.find((one) => one.network === 'bluesky')
    const text = 'フォロー&リポストで豆を差し上げます'
    const post = await api('/posts', { method: 'POST', body: JSON.stringify({ text, variants: [{ account_id: account.id, text: null }] }) })
    await api(`/posts/${post.id}/schedule`, { method: 'POST', body: JSON.stringify({ at: new Date(Date.now() + 1000).toISOString().replace(/\.\d+Z$/, 'Z') }) })
    await patiently(async () => equal((await api(`/posts/${post.id}`)).state, 'published', 'the post'))
    await page.goto(`${base}/ugc/campaigns`)
    await page.getByRole('button', { name: '新しいキャンペーン' }).first().click()
    await dialog.getByLabel('名前', { exact: true }).fill('フォローとリポスト')
    await dialog.getByLabel('ハッシュタグ').fill('#フォローで豆') // its own: one that is searched already comes at its next time
    await dialog.getByLabel('Bluesky').check()
    await dialog.getByRole('checkbox', { name: 'フォロー' }).check()
    await dialog.getByRole('checkbox', { name: 'リポスト' }).check()
    await dialog.getByLabel('賞品名').fill('豆')
    const save = dialog.getByRole('button', { name: '保存' })
    equal(await save.isDisabled(), true, 'without the post the button rests')
    const choice = dialog.getByLabel('リポスト・いいねの対象の投稿')
    await choice.locator('option', { hasText: text }).waitFor({ state: 'attached' })
    await choice.selectOption(post.id)
    await save.click()
    await page.getByRole('heading', { name: 'フォローとリポスト' }).waitFor()
    await page.getByText('フォロー + リポスト').waitFor()
    const { contests } = await api('/ugc-campaigns')
    const contest = contests.find((one) => one.contest.name === 'フォローとリポスト')
    equal([contest.contest.asks, contest.contest.post_id], [['follow', 'repost'], post.id], 'what is asked')
    await api(`/ugc-campaigns/${contest.id}`, { method: 'PUT', body: JSON.stringify({ version: contest.version, contest: { ...contest.contest, opens_at: '2026-01-01T00:00:00Z', checked: contest.open_rules } }) })
    await api(`/ugc-campaigns/${contest.id}/open`, { method: 'POST' })
    await patiently(async () => truth((await api(`/ugc-campaigns/${contest.id}`)).n_eligible > 10, 'entries'))
    await page.reload()
    await page.getByRole('button', { name: '応募を締め切る' }).click()
    await page.getByRole('heading', { name: '条件の確認' }).waitFor()
    await page.getByText('確認済み').nth(1).waitFor({ timeout: 30_000 })
    await page.getByText(/条件を満たさず/).waitFor({ timeout: 30_000 })
    await page.getByRole('button', { name: '抽選する', exact: true }).waitFor()
    truth(await page.getByText(/フォローしていない|リポストしていない/).count() > 0, 'who did not is told why')
    equal(faults, [], 'console errors')
  })
  await context.close()
}
