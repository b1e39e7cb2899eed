// One post for several networks in the browser: each one's form, options, thread and counts; what keeps it from going out, at its place;
// a large video in parts; the preview as the network looks; a series with its next times; the deliveries of a post.
import { deflateSync } from 'node:zlib'
import { equal, openPage, settles, truth } from './browser.mjs'

export async function variants(runner, browser, base) {
  const { context, page, faults } = await openPage(browser)
  const button = (name, where = page) => where.getByRole('button', { name })
  const text = page.getByLabel('本文', { exact: true })
  const panel = page.getByRole('tabpanel')
  const api = (path, options) => page.evaluate(async ([address, init]) => {
    const session = await (await fetch('/api/v1/session')).json()
    const reply = await fetch(`/api/v1/workspaces/${session.workspaces[0].workspace_id}${address}`, { ...init, headers: { 'X-CSRF-Token': session.csrf, 'Content-Type': 'application/json' } })
    return reply.status === 204 ? null : reply.json()
  }, [path, options ?? {}])
  const stored = async () => api(`/posts/${page.url().split('/').pop()}`)
  /** Composes for exactly these networks. */
  const compose = async (words, networks) => {
    await page.goto(`${base}/compose`)
    await text.waitFor()
    const { accounts } = await api('/accounts')
    const wanted = networks.map((network) => accounts.findIndex((account) => account.network === network))
    const boxes = page.getByRole('group', { name: '投稿先' }).getByRole('checkbox')
    for (let at = 0; at < accounts.length; at++) await boxes.nth(at).setChecked(wanted.includes(at))
    await text.fill(words)
    await page.waitForURL(/\/compose\/[0-9a-f-]{36}$/)
    return Object.fromEntries(networks.map((network, at) => [network, accounts[wanted[at]].id]))
  }
  const tab = (id) => page.locator(`#tab-${id}`)

  await page.goto(base)
  const demo = button('デモを見る')
  await demo.or(page.locator('nav')).first().waitFor()
  if (await demo.isVisible()) await demo.click()
  await page.locator('nav').first().waitFor()
  const names = (await api('/accounts')).accounts.map((account) => account.network)
  if (!['x', 'tiktok', 'line', 'instagram'].every((name) => names.includes(name))) {
    runner.skip('one post for several networks', 'the demo has not all of them')
    return context.close()
  }

  await runner.test('a text too long for X is said so at its place and split into a thread where sentences end', async () => {
    const ids = await compose('毎朝七時に焼き上がるパンのお知らせです。'.repeat(9), ['x', 'instagram'])
    await page.getByText(/Xの上限/).first().waitFor()
    await tab(ids.x).click()
    await button('文の切れ目でスレッドに分ける', panel).click()
    await page.getByText(/Xの上限/).first().waitFor({ state: 'detached' })
    await settles(async () => {
      const [x] = (await stored()).variants.filter((one) => one.account_id === ids.x)
      truth(x.thread?.length === 1, 'one part follows')
      equal([x.text, ...x.thread.map((part) => part.text)].join(''), '毎朝七時に焼き上がるパンのお知らせです。'.repeat(9), 'nothing is lost')
      truth(x.text.endsWith('。'), 'it ends where a sentence ends')
    })
    await panel.getByText('料金の目安').waitFor()
  })

  await runner.test('a part of a thread has pictures of its own, which stay with it when one before it goes', async () => {
    const ids = await compose('一枚目です', ['x'])
    const x = async () => (await stored()).variants.find((one) => one.account_id === ids.x)
    for (const words of ['二枚目です', '三枚目です']) {
      await button('続きを追加', panel).click()
      await panel.getByRole('group', { name: /スレッド/ }).last().locator('textarea').first().fill(words)
    }
    const third = panel.getByRole('group', { name: 'スレッド 3' })
    await third.locator('input[type=file]').setInputFiles([picture('c.png', 30, 20)])
    await third.getByLabel('画像 1', { exact: false }).first().fill('湯気の立つカップ')
    await settles(async () => equal((await x()).thread.map((part) => (part.media ?? []).map((one) => one.alt)), [[], ['湯気の立つカップ']], 'pictures of the parts'))
    equal((await stored()).media, [], 'pictures of the post itself')
    await settles(async () => equal(await page.locator('aside article img').count(), 1, 'pictures in the preview'))
    await button('スレッド 2: 外す', panel).click()
    await settles(async () => equal((await x()).thread.map((part) => [part.text, (part.media ?? []).length]), [['三枚目です', 1]], 'what is left'))
    equal(await panel.getByRole('group', { name: 'スレッド 2' }).getByLabel('画像 1', { exact: false }).first().inputValue(), '湯気の立つカップ', 'its description')
    await page.reload()
    await settles(async () => equal(await panel.getByRole('group', { name: 'スレッド 2' }).locator('img').count(), 1, 'after a reload'))
  })

  await runner.test('the form and the options of each network are stored, and what is missing is said beside its field', async () => {
    const ids = await compose('設定のある投稿', ['tiktok', 'line'])
    await tab(ids.tiktok).click()
    await panel.getByText('この設定を選ばないと公開できません', { exact: false }).waitFor()
    await panel.getByLabel('公開範囲').selectOption('SELF_ONLY')
    await panel.getByLabel('コメントを許可').check()
    await panel.getByText('この設定を選ばないと公開できません', { exact: false }).waitFor({ state: 'detached' })
    await tab(ids.line).click()
    await button('絞り込み配信', panel).click()
    await panel.getByLabel('送り手の名前').fill('店長')
    await page.getByLabel('広告・タイアップ').check()
    await settles(async () => {
      const post = await stored()
      const of = (id) => post.variants.find((one) => one.account_id === id)
      equal([of(ids.tiktok).options, of(ids.line).format, of(ids.line).options, post.disclosure.is_advertising],
        [{ privacy: 'SELF_ONLY', allow_comment: true }, 'narrowcast', { sender_name: '店長' }, true], 'what is stored')
    })
    await page.reload()
    await tab(ids.line).click()
    equal(await panel.getByLabel('送り手の名前').inputValue(), '店長', 'after a reload')
  })

  await runner.test('the preview looks like the network that is chosen', async () => {
    const ids = await compose('見た目の違い', ['x', 'instagram', 'line'])
    const look = page.locator('aside article')
    await tab(ids.line).click()
    await look.locator('.bubble').getByText('見た目の違い').waitFor()
    await tab(ids.instagram).click()
    await button('リール', panel).click()
    await page.getByLabel('アプリの表示で隠れる範囲を重ねる').check()
    equal(await look.locator('.zone').count(), 4, 'zones the app covers')
    await tab(ids.x).click()
    await look.getByText('見た目の違い').waitFor()
    equal(await look.locator('.zone, .bubble').count(), 0, 'nothing of the others')
  })

  await runner.test('a rich message, a carousel and quick replies of LINE are made without a line of JSON, and the server says what is missing beside it', async () => {
    const ids = await compose('夏の新作です', ['line'])
    const line = async () => (await stored()).variants.find((one) => one.account_id === ids.line).options ?? {}
    await page.locator('input[type=file]').setInputFiles([picture('a.png', 40, 20), picture('b.png', 30, 30)])
    await settles(async () => equal((await stored()).media.length, 2, 'pictures'))
    await button('リッチメッセージ', panel).click()
    await button('テンプレート B(領域 2)', panel).click()
    await panel.getByText('この設定を選ばないと公開できません', { exact: false }).first().waitFor()
    await panel.getByLabel('通知とトーク一覧に出る文').fill('夏の新作はこちら')
    const first = panel.getByRole('group', { name: '領域 1' })
    await first.getByLabel('リンク先 URL').fill('https://example.com/peach')
    const second = panel.getByRole('group', { name: '領域 2' })
    await second.getByLabel('押すと').selectOption('text')
    await second.getByLabel('その人が送る文').fill('予約したい')
    await settles(async () => equal((await line()).rich, { kind: 'imagemap', alt: '夏の新作はこちら', image: 0, height: 520, areas: [
      { link: 'https://example.com/peach', x: 0, y: 0, width: 520, height: 520 }, { text: '予約したい', x: 520, y: 0, width: 520, height: 520 }] }, 'rich message'))
    await panel.getByText('この設定を選ばないと公開できません', { exact: false }).waitFor({ state: 'detached' })
    equal(await page.locator('aside article .area').count(), 2, 'areas in the preview')

    // The other picture goes first: the message keeps to its own.
    await page.getByRole('button', { name: /^画像 1.*後/ }).or(button('画像 1: 後ろへ')).first().click()
    await settles(async () => equal((await line()).rich.image, 1, 'number of the picture'))

    await button('クイックリプライを追加', panel).click()
    const quick = panel.getByRole('group', { name: 'クイックリプライ 1' })
    await quick.getByLabel('ボタンの文字').fill('場所を送る')
    await quick.getByLabel('押すと').selectOption('open')
    await quick.getByLabel('開くもの').selectOption('location')
    await settles(async () => equal((await line()).quick_replies, [{ label: '場所を送る', open: 'location' }], 'quick replies'))
    await page.locator('aside article .quick').getByText('場所を送る').waitFor()

    await button('カルーセル', panel).click()
    await panel.getByLabel('通知とトーク一覧に出る文').fill('桃と梨')
    await button('カードを追加', panel).click()
    const card = (at) => panel.getByRole('listitem', { name: `カード ${at}` })
    for (const [at, name] of [[1, '桃'], [2, '梨']]) {
      await card(at).getByLabel('カードの見出し').fill(name)
      await card(at).getByLabel('本文').fill(`${name}のパフェ`)
      await card(at).getByLabel('ボタンの文字').fill('見る')
      await card(at).getByLabel('リンク先 URL').fill(`https://example.com/${at}`)
    }
    await card(2).getByLabel('本文').fill('梨'.repeat(61))
    await card(2).getByText('61 / 60').waitFor()
    await card(2).getByText('使えない値', { exact: false }).waitFor()
    await card(2).getByLabel('本文').fill('梨のパフェ')
    await card(2).getByText('使えない値', { exact: false }).waitFor({ state: 'detached' })
    await button('ボタンを追加', panel).click()
    equal(await panel.getByLabel('ボタンの文字').count(), 5, 'a second button on both cards, and the quick reply')
    await button('カード 1 ボタン 2: すべてのカードから外す', panel).click()
    await settles(async () => equal((await line()).rich.columns.map(({ title, actions }) => [title, actions]), [
      ['桃', [{ label: '見る', link: 'https://example.com/1' }]], ['梨', [{ label: '見る', link: 'https://example.com/2' }]]], 'cards'))
    equal(await page.locator('aside article .card').count(), 2, 'cards in the preview')
    await button('リッチメッセージ', panel).click()
    await settles(async () => equal((await line()).rich.alt, '夏の新作はこちら', 'what was written before is back'))
    await page.reload()
    await settles(async () => equal(await panel.getByLabel('通知とトーク一覧に出る文').inputValue(), '夏の新作はこちら', 'after a reload'))
    if (process.env.HIBIKI_TEST_PICTURES) await page.screenshot({ path: `${process.env.HIBIKI_TEST_PICTURES}/line.png`, fullPage: true })
  })

  await runner.test('a large file goes up in parts and on after a cut line', async () => {
    await compose('大きなファイル', ['x'])
    const parts = []
    let isCut = false
    await page.route('**/uploads/*?from=*', async (route) => {
      parts.push(Number(new URL(route.request().url()).searchParams.get('from')))
      if (parts.length === 2 && !isCut) {
        isCut = true
        return route.abort('connectionreset')
      }
      return route.continue()
    })
    // A PNG as the format allows it: 9 MB of comment behind the picture's head.
    const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
    const padding = Buffer.alloc(9_000_000, 0x20)
    await page.locator('input[type=file]').setInputFiles({ name: 'big.png', mimeType: 'image/png', buffer: Buffer.concat([png.subarray(0, -12), chunk('tEXt', padding), png.subarray(-12)]) }, { timeout: 60_000 })
    await settles(async () => equal((await stored()).media.length, 1, 'pictures'))
    await page.unroute('**/uploads/*?from=*')
    truth(isCut && parts.length >= 4, `parts ${parts}`)
    equal(parts.filter((at, n) => n && at < parts[n - 1]), [], 'nothing was sent from the beginning again')
  })

  await runner.test('a series shows its next times while it is written, runs, pauses and ends', async () => {
    await compose('毎週のお知らせ', ['x'])
    await page.goto(`${base}/series`)
    await button('繰り返しを作る').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('名前').fill('定休日')
    await dialog.getByLabel('毎週のお知らせ').check()
    await settles(async () => equal(await dialog.locator('.preview li').count(), 10, 'times'))
    await button('毎日', dialog).click()
    await settles(async () => truth((await dialog.locator('.preview li').allTextContents()).every((line) => line.endsWith('09:00')), 'at nine'))
    await button('始める', dialog).click()
    const card = page.locator('li', { hasText: '定休日' }).first()
    await card.getByText('実行中').waitFor()
    await button('一時停止', card).click()
    await button('再開', card).waitFor()
    await button('終える', card).click()
    await card.getByText('終了').waitFor()
    equal((await api('/series')).series.filter((one) => one.name === '定休日').map((one) => one.state), ['ended'], 'as stored')
  })

  await runner.test('a series that will say the same again too soon says so on its card, and goes on once somebody lets it pass with a reason', async () => {
    const wanted = (await compose('雨の日は、店内の席へどうぞ', ['x'])).x
    await settles(async () => equal((await stored()).variants.map((one) => one.account_id), [wanted], 'stored'))
    await page.goto(`${base}/series`)
    await button('繰り返しを作る').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('名前').fill('雨の日の案内')
    await dialog.getByLabel('雨の日は、店内の席へどうぞ').check()
    await button('毎日', dialog).click()
    await button('始める', dialog).click()
    const card = page.locator('li', { hasText: '雨の日の案内' }).first()
    const refusal = card.getByRole('status').filter({ hasText: '同じ内容を繰り返す投稿' })
    await refusal.getByText('PLT-01').waitFor()
    truth(await refusal.getByRole('link', { name: '文を変える' }).isVisible(), 'what to do about it')
    const one = async () => (await api('/series')).series.find((series) => series.name === '雨の日の案内')
    equal((await one()).repeats.map((again) => [again.rule, again.is_let_pass]), [['PLT-01', false]], 'as the server says it')
    await refusal.getByRole('button', { name: '理由を書いて許可する' }).click()
    await refusal.getByLabel('公開してよい理由').fill('雨の日だけ手で止める')
    await refusal.getByRole('button', { name: '許可する', exact: true }).click()
    await card.getByText('理由を添えて許可されています').waitFor()
    equal((await one()).repeats.map((again) => again.is_let_pass), [true], 'let pass')
    await button('終える', card).click()
    await card.getByText('終了').waitFor()
  })

  await runner.test('a post’s page tells every step of its deliveries in words', async () => {
    const { deliveries } = await api('/deliveries?state=published&order=newest&limit=1')
    await page.goto(`${base}/measure/${deliveries[0].post_id}`)
    const section = page.getByRole('region', { name: '配信の経過' })
    await section.getByText('予約', { exact: true }).first().waitFor()
    await section.getByText('公開', { exact: true }).first().waitFor()
    equal((await section.innerText()).match(/\b(publish|upload|container|confirm)\b/g), null, 'names of the code')
  })

  await runner.test('nothing of this made the browser complain', async () => equal(faults.filter((fault) => !/ERR_CONNECTION_RESET/.test(fault)), [], 'console errors'))
  await context.close()
}

/** A grey PNG of that size. */
function picture(name, width, height) {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head[8] = 8
  const rows = Buffer.alloc((width + 1) * height, 0x99).map((byte, at) => (at % (width + 1) ? byte : 0))
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return { name, mimeType: 'image/png', buffer: Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]) }
}

/** A chunk of a PNG file with its check sum. */
function chunk(kind, data) {
  const named = Buffer.concat([Buffer.from(kind, 'latin1'), data])
  const out = Buffer.alloc(named.length + 8)
  out.writeUInt32BE(data.length, 0)
  named.copy(out, 4)
  let crc = 0xffffffff
  for (const byte of named) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  out.writeUInt32BE((crc ^ 0xffffffff) >>> 0, named.length + 4)
  return out
}
