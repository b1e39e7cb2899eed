// The inbox: a customer writes over LINE's signed webhook, the page shows it by itself, it is read, answered once (a second answer is a choice), corrected and found.
import { createHash, createHmac } from 'node:crypto'
import { equal, settles } from './browser.mjs'
import { signedIn } from './accounts.mjs'

const USER = 'U0123456789abcdef0123456789abcdef'

export async function replies(runner, browser, base, practice) {
  const { context, page, faults, api } = await signedIn(browser, base)
  const line = practice.networks.find((one) => one.network === 'line')
  const [channel] = line.accounts
  const account = await api('/accounts', { method: 'POST', body: JSON.stringify({ network: 'line', handle: channel.id, password: channel.password, practice: true }) })
  const talk = async (all = '') => (await api(`/talk${all}`)).talk
  const destination = `U${createHash('sha256').update(channel.password).digest('hex').slice(0, 32)}` // how the practice LINE names the channel's bot
  let n = 0

  /** As LINE does: the channel's secret signs the body. */
  async function says(text, userId = USER) {
    const { hook } = await api(`/accounts/${account.id}/health`)
    const event = { type: 'message', message: { type: 'text', id: String(900 + ++n), quoteToken: 'q', text }, timestamp: Date.now(), source: { type: 'user', userId },
      replyToken: `none${n}`, mode: 'active', webhookEventId: `01TEST${n}`, deliveryContext: { isRedelivery: false } }
    const body = JSON.stringify({ destination, events: [event] })
    const reply = await fetch(hook.url, { method: 'POST', body, headers: { 'Content-Type': 'application/json', 'x-line-signature': createHmac('sha256', channel.password).update(body).digest('base64') } })
    equal(reply.status, 200, `the answer to the webhook (${await reply.text()})`)
  }

  const pane = page.locator('.pane')
  const said = (text) => pane.locator('.talk', { hasText: text })
  const thread = (text) => page.locator('.thread', { hasText: text })

  await runner.test('before anybody has said anything the inbox says so', async () => {
    await page.goto(`${base}/inbox`)
    await page.getByText('未対応のものはありません').waitFor()
  })

  await runner.test('a message appears by itself as a conversation, with who, where and how it reads, and the menu counts it', async () => {
    await says('日曜は開いていますか')
    const first = thread('日曜は開いていますか')
    await first.waitFor({ timeout: 20_000 })
    await first.getByText('へのメッセージ').waitFor()
    await first.getByText('LINE', { exact: true }).waitFor({ state: 'attached' })
    await first.getByText(/から待っています/).waitFor()
    await page.getByRole('link', { name: /受信箱.*1/ }).first().waitFor()
  })

  await runner.test('by keyboard alone it is opened and answered with the network\'s counter; how the answer stands is shown until it is out', async () => {
    await page.keyboard.press('j')
    const first = said('日曜は開いていますか')
    await first.waitFor()
    await page.keyboard.press('r')
    const area = pane.getByRole('textbox', { name: /への返信/ })
    await area.fill('あ'.repeat(5001))
    await pane.getByText(/文字オーバー/).first().waitFor()
    equal(await pane.getByRole('button', { name: '返信を送る' }).isDisabled(), true, 'the button rests')
    await area.fill('はい、10 時からです')
    await pane.getByText('残り', { exact: false }).first().waitFor()
    await area.press('Control+Enter')
    await first.getByText('はい、10 時からです').waitFor()
    await first.getByText('公開済み').waitFor({ timeout: 20_000 })
    equal((await talk()).map((one) => one.answer?.state), ['published'], 'the answers')
  })

  await runner.test('when somebody else was quicker it says so, sends nothing, and sends on the second press', async () => {
    await says('駐車場はありますか')
    const second = said('駐車場はありますか')
    await second.waitFor({ timeout: 20_000 })
    await second.getByRole('button', { name: '返信する' }).click()
    await pane.getByRole('textbox', { name: /への返信/ }).fill('2 台あります')
    const [{ id }] = await talk('?open=true')
    await api(`/talk/${id}/reply`, { method: 'POST', body: JSON.stringify({ text: '店の裏に 2 台分あります' }) })
    const other = pane.getByRole('status').filter({ hasText: 'さんが' })
    await other.getByText('店の裏に 2 台分あります').waitFor() // who, when and what, while the second is still writing
    await other.getByText(/が .*に返信しています。重ねて送りますか/).waitFor()
    await pane.getByRole('button', { name: '返信を送る' }).click()
    await pane.getByRole('button', { name: '重ねて送る' }).waitFor()
    equal(await pane.getByRole('textbox', { name: /への返信/ }).inputValue(), '2 台あります', 'the text')
    await pane.getByRole('button', { name: '重ねて送る' }).click()
    await settles(async () => equal((await talk())[0].answer.text, '2 台あります', 'the answer'))
  })

  await runner.test('a picture is shown from our own copy, a file is offered to be saved, and what is refused says so', async () => {
    const face = async (path, body) => equal((await fetch(`${line.url}${path}`, { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } })).status, 200, path)
    const { hook } = await api(`/accounts/${account.id}/health`)
    await face('/practice/hook', { url: hook.url })
    await face('/practice/own/say', { type: 'image', account: channel.id, user: USER })
    const picture = pane.locator('.attached img')
    await picture.waitFor({ timeout: 30_000 })
    await settles(async () => equal(await picture.evaluate((one) => one.complete && one.naturalWidth > 0), true, 'the picture'))
    equal(new URL(await picture.evaluate((one) => one.currentSrc)).origin, new URL(base).origin, 'where it comes from')
    await face('/practice/own/say', { type: 'file', name: '見積 10月.pdf', content: btoa('%PDF-1.7 x'), account: channel.id, user: USER })
    const file = pane.getByRole('link', { name: '見積 10月.pdf を保存' })
    await file.waitFor({ timeout: 30_000 })
    const [download] = await Promise.all([page.waitForEvent('download'), file.click()])
    equal(download.suggestedFilename(), '見積 10月.pdf', 'the name of the file')
    await face('/practice/own/say', { type: 'file', name: 'page.html', content: btoa('<html></html>'), account: channel.id, user: USER })
    await pane.getByText('取り込みませんでした').waitFor({ timeout: 30_000 })
  })

  await runner.test('a reading is corrected, and the page says that a person did', async () => {
    await says('むぎちゃんの棚、からっぽでした')
    await said('むぎちゃんの棚').waitFor({ timeout: 20_000 })
    const intent = page.getByRole('complementary', { name: 'この会話' }).getByLabel('内容')
    const other = (await intent.inputValue()) === 'request' ? 'complaint' : 'request'
    await intent.selectOption(other)
    await said('むぎちゃんの棚').getByText('人が直した読み取りです。').waitFor()
    equal((await talk('?open=true'))[0].reading.intent, other, 'the reading')
  })

  await runner.test('words of two letters find the conversation; others find nothing and say what to do', async () => {
    await page.goto(`${base}/inbox?tab=all`)
    await page.getByRole('searchbox').fill('駐車')
    await thread('むぎちゃん').waitFor()
    await page.getByRole('searchbox').fill('存在しない')
    await page.getByText('見つかりません').waitFor()
    await page.getByRole('button', { name: '条件を消す' }).first().click()
    await page.locator('.thread').first().waitFor()
  })

  const bar = page.getByRole('region', { name: '選んだやり取りへの操作' })
  const crowd = ['a', 'b', 'c'].map((one) => `U${one.repeat(32)}`)
  const rows = page.locator('.thread', { hasText: '団体で' })
  const states = async () => (await api('/threads?limit=500')).threads.filter((one) => one.last_text.startsWith('団体で'))

  await runner.test('several are selected with Shift and the mouse, done in one go, and taken back by one undo', async () => {
    for (const [at, user] of crowd.entries()) await says(`団体で予約できますか ${at}`, user)
    await page.goto(`${base}/inbox`)
    await settles(async () => equal(await rows.count(), 3, 'conversations'))
    await rows.nth(0).getByRole('checkbox').click()
    await rows.nth(2).getByRole('checkbox').click({ modifiers: ['Shift'] })
    await bar.getByText('3件を選択中').waitFor()
    await bar.getByRole('button', { name: '完了にする' }).click()
    await page.locator('.toast', { hasText: '3件を完了にしました' }).waitFor()
    await settles(async () => equal(await rows.count(), 0, 'conversations that wait'))
    equal((await states()).map((one) => one.status), ['done', 'done', 'done'], 'their states')
    await page.keyboard.press('u')
    await settles(async () => equal(await rows.count(), 3, 'conversations that wait again'))
    equal((await states()).map((one) => one.status), ['open', 'open', 'open'], 'their states')
  })

  await runner.test('by keyboard alone they are selected, assigned, tagged, put off and done; "g" still leads elsewhere', async () => {
    await rows.nth(0).locator('a').click()
    await pane.getByText('団体で').first().waitFor()
    await page.keyboard.press('x')
    await page.keyboard.press('J')
    await bar.getByText('2件を選択中').waitFor()
    await page.keyboard.press('a')
    await page.getByRole('dialog').getByRole('searchbox').press('Enter')
    await settles(async () => equal((await states()).filter((one) => one.assignee_id).length, 2, 'assigned'))
    await page.getByRole('dialog').waitFor({ state: 'hidden' }) // it closes with the answer; a key before that is its own
    await page.keyboard.press('t')
    await page.getByRole('dialog').getByLabel('付けるタグ').fill('団体')
    await page.getByRole('dialog').getByLabel('付けるタグ').press('Enter')
    await settles(async () => equal((await states()).filter((one) => one.tags.includes('団体')).length, 2, 'tagged'))
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await page.keyboard.press('s')
    await page.getByRole('dialog').getByRole('button', { name: /1時間後まで/ }).press('Enter')
    await settles(async () => equal(await rows.count(), 1, 'conversations that are awake'))
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await page.keyboard.press('u')
    await settles(async () => equal(await rows.count(), 3, 'conversations that are awake again'))
    await rows.nth(0).locator('a').click()
    await page.keyboard.press('e')
    await settles(async () => equal(await rows.count(), 2, 'conversations that wait'))
    await page.keyboard.press('n')
    equal(await page.evaluate(() => document.activeElement?.id), 'thread-note', 'the place of a note')
    await page.locator('#thread-note').blur()
    await page.keyboard.press('?')
    await page.getByRole('dialog').getByText('完了にして次へ').waitFor()
    await page.getByRole('dialog').getByText('自分が担当する').waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('g')
    await page.keyboard.press('t')
    await page.waitForURL(`${base}/`)
  })
  equal(faults, [], 'console errors among the replies')
  await context.close()
}
