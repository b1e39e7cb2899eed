// The same job once by hand: an empty machine, a real browser, the real network, a chart at the end.
import assert from 'node:assert/strict'
import { launch, openPage } from '../../web/browser.mjs'
import { records, signedIn } from './day.mjs'
import { noise, Server } from './tools.mjs'

const TEXT = 'ブラウザから予約した一杯 #喫茶ひびき'

export async function byHand(test, stack, binary) {
  const who = stack.accounts.kissa
  const yuki = await signedIn(stack, stack.accounts.yuki)
  const server = await new Server(binary).start()
  const browser = await launch()
  const { page, faults } = await openPage(browser)
  const button = (name) => page.getByRole('button', { name })
  let record

  await test('by_hand_an_empty_machine_is_set_up_and_the_account_connected', async () => {
    await page.goto(server.base)
    await page.getByLabel('お名前').fill('響 花子')
    await page.getByLabel('メールアドレス').fill('hanako@example.com')
    await page.getByLabel('パスワード').fill('a long enough passphrase')
    await page.getByLabel('ワークスペース名').fill('喫茶ひびき')
    await button('はじめる').click()
    await page.getByRole('heading', { name: '今日の投稿' }).waitFor()
    await page.goto(`${server.base}/settings/accounts`)
    await page.locator('[data-network=bluesky]').getByRole('button', { name: 'つなぐ' }).first().click()
    await page.getByLabel('ハンドル').fill(`@${who.handle}`)
    await page.getByLabel('サーバー(任意)').fill(stack.pds)
    await page.getByLabel('アプリパスワード').fill(who.appPassword)
    await page.getByRole('dialog').getByRole('button', { name: 'つなぐ' }).click()
    await page.getByText('正常').waitFor()
  })

  await test('by_hand_a_text_with_a_picture_is_scheduled_for_the_next_minute', async () => {
    await page.goto(`${server.base}/compose`)
    await page.getByLabel('本文', { exact: true }).fill(TEXT)
    await page.locator('input[type=file]').setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: noise(120, 90, 5) })
    await page.getByLabel('画像 1 · 代替テキスト').fill('カウンターの一杯')
    const wait = 60_000 - (Date.now() % 60_000)
    const due = Date.now() + wait + (wait < 8000 ? 60_000 : 0)
    await page.getByLabel('公開日時').fill(new Date(due + 9 * 3_600_000).toISOString().slice(0, 16))
    await button('予約する').first().click()
    await page.waitForURL(/\/calendar/)
  })

  await test('by_hand_the_queue_shows_it_published_without_a_reload', async () => {
    await page.goto(`${server.base}/queue`)
    const row = page.locator('.delivery', { hasText: TEXT }).first()
    await row.waitFor()
    await page.goto(server.base)
    await row.getByText('公開済み').waitFor({ timeout: 90_000 }) // by itself: the event stream says when
    await page.goto(`${server.base}/queue?tab=published`)
    await row.getByText(/定刻|遅れ/).waitFor()
    const found = await records(yuki, who.did, TEXT)
    assert.equal(found.length, 1)
    record = found[0]
    assert.equal(record.value.embed.images[0].alt, 'カウンターの一杯')
    assert.equal(await row.getByRole('link', { name: /で開く/ }).getAttribute('href'), `https://bsky.app/profile/${who.handle}/post/${record.uri.split('/').pop()}`)
    await yuki.like(record.uri, record.cid)
  })

  await test('by_hand_the_posts_page_draws_its_chart_as_the_numbers_arrive', async () => {
    await page.locator('.delivery', { hasText: TEXT }).first().getByRole('link', { name: '数字を見る' }).click()
    await page.getByRole('heading', { name: '投稿の数字' }).waitFor()
    const likes = page.locator('dl > div', { hasText: 'いいね' }).locator('dd.num')
    await likes.waitFor({ timeout: 100_000 }) // nobody reloads: the event stream says when
    assert.equal(await likes.textContent(), '1')
    await page.locator('canvas').first().waitFor({ timeout: 100_000 }) // a line needs two readings: the second comes a minute later
    assert.deepEqual(faults, [])
  })
  await browser.close()
  await server.stop()
}
