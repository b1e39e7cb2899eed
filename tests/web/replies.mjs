// What people say: a customer writes over LINE's signed webhook, the page shows it by itself, it is answered once, and a second answer is a choice.
import { createHash, createHmac } from 'node:crypto'
import { equal, settles, truth } from './browser.mjs'
import { signedIn } from './accounts.mjs'

const USER = 'U0123456789abcdef0123456789abcdef'

export async function replies(runner, browser, base, practice) {
  const { context, page, faults, api } = await signedIn(browser, base)
  const line = practice.networks.find((one) => one.network === 'line')
  const [channel] = line.accounts
  const account = await api('/accounts', { method: 'POST', body: JSON.stringify({ network: 'line', handle: channel.id, password: channel.password, practice: true }) })
  const talk = async (all = '') => (await api(`/talk${all}`)).talk
  const row = (text) => page.locator('.talk', { hasText: text })
  const destination = `U${createHash('sha256').update(channel.password).digest('hex').slice(0, 32)}` // how the practice LINE names the channel's bot
  let said = 0

  /** As LINE does: the channel's secret signs the body. */
  async function says(text) {
    const { hook } = await api(`/accounts/${account.id}/health`)
    const event = { type: 'message', message: { type: 'text', id: String(900 + ++said), quoteToken: 'q', text }, timestamp: Date.now(), source: { type: 'user', userId: USER },
      replyToken: `none${said}`, mode: 'active', webhookEventId: `01TEST${said}`, deliveryContext: { isRedelivery: false } }
    const body = JSON.stringify({ destination, events: [event] })
    const reply = await fetch(hook.url, { method: 'POST', body, headers: { 'Content-Type': 'application/json', 'x-line-signature': createHmac('sha256', channel.password).update(body).digest('base64') } })
    equal(reply.status, 200, `the answer to the webhook (${await reply.text()})`)
  }

  await runner.test('before anybody has said anything the page says so', async () => {
    await page.goto(`${base}/replies`)
    await page.getByText('未対応のものはありません').waitFor()
  })

  await runner.test('a message appears by itself, with who, where and when', async () => {
    await says('日曜は開いていますか')
    const first = row('日曜は開いていますか')
    await first.waitFor({ timeout: 20_000 })
    await first.getByText('へのメッセージ').waitFor()
    await first.getByText('LINE', { exact: true }).waitFor({ state: 'attached' })
  })

  await runner.test('it is answered with the network\'s counter, and how the answer stands is shown until it is out', async () => {
    const first = row('日曜は開いていますか')
    await first.getByRole('button', { name: '返信する' }).click()
    const area = first.getByRole('textbox')
    await area.fill('あ'.repeat(5001))
    await first.getByText(/文字オーバー/).first().waitFor()
    equal(await first.getByRole('button', { name: '返信を送る' }).isDisabled(), true, 'the button rests')
    await area.fill('はい、10 時からです')
    await first.getByText('残り', { exact: false }).first().waitFor()
    await area.press('Control+Enter')
    await first.getByText('はい、10 時からです').waitFor()
    await first.getByText('公開済み').or(first.getByText('失敗')).first().waitFor({ timeout: 20_000 })
    await first.getByText('公開済み').waitFor()
    equal((await talk()).map((one) => one.answer?.state), ['published'], 'the answers')
  })

  await runner.test('when somebody else was quicker it says so, sends nothing, and sends on the second press', async () => {
    await says('駐車場はありますか')
    const second = row('駐車場はありますか')
    await second.waitFor({ timeout: 20_000 })
    await second.getByRole('button', { name: '返信する' }).click()
    await second.getByRole('textbox').fill('2 台あります')
    const [{ id }] = await talk('?open=true')
    await api(`/talk/${id}/reply`, { method: 'POST', body: JSON.stringify({ text: '店の裏に 2 台分あります' }) })
    await second.getByRole('button', { name: '返信を送る' }).click()
    await second.getByRole('alert').getByText('もう返信が送られています').waitFor()
    equal(await second.getByRole('textbox').inputValue(), '2 台あります', 'the text')
    equal((await talk())[0].answer.text, '店の裏に 2 台分あります', 'the answer')
    await second.getByRole('button', { name: '重ねて送る' }).click()
    await settles(async () => equal((await talk())[0].answer.text, '2 台あります', 'the answer'))
  })

  await runner.test('what is answered leaves the open ones and stays in all', async () => {
    await page.goto(`${base}/replies`)
    await page.getByText('未対応のものはありません').waitFor()
    await page.getByRole('link', { name: 'すべて' }).click()
    await row('駐車場はありますか').waitFor()
    truth(await row('日曜は開いていますか').isVisible(), 'the first is gone')
  })
  equal(faults, [], 'console errors among the replies')
  await context.close()
}
