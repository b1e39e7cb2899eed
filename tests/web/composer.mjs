// The composer's tools in the browser: hashtag sets and mentions by key, marked links counted and shown as they are sent, findings at their place with one key, cautions beside the time,
// invisible characters, a text of 100,000 characters, earlier versions with differences; and two people on one post.
import { accept, equal, openPage, serious, settles, truth } from './browser.mjs'
import { signedIn } from './accounts.mjs'

const PASSWORD = 'a long 合言葉 for two people'

export async function composer(runner, browser, base) {
  const { context, page, faults } = await openPage(browser)
  const button = (name, where = page) => where.getByRole('button', { name })
  const text = page.getByLabel('本文', { exact: true })
  const panel = page.getByRole('tabpanel')
  const preview = page.locator('aside article').first()
  const api = (path, options) => page.evaluate(async ([address, init]) => {
    const session = await (await fetch('/api/v1/session')).json()
    const reply = await fetch(`/api/v1/workspaces/${session.workspaces[0].workspace_id}${address}`, { ...init, headers: { 'X-CSRF-Token': session.csrf, 'Content-Type': 'application/json' } })
    return reply.status === 204 ? null : reply.json()
  }, [path, options ?? {}])
  const compose = async (words, networks) => {
    await page.goto(`${base}/compose`)
    await text.waitFor()
    const { accounts } = await api('/accounts')
    const wanted = networks.map((network) => accounts.findIndex((account) => account.network === network))
    const boxes = page.getByRole('group', { name: '投稿先' }).getByRole('checkbox')
    for (let at = 0; at < accounts.length; at++) await boxes.nth(at).setChecked(wanted.includes(at))
    await text.fill(words)
    if (words) await page.waitForURL(/\/compose\/[0-9a-f-]{36}$/)
    return Object.fromEntries(networks.map((network, at) => [network, accounts[wanted[at]].id]))
  }
  const stored = async () => api(`/posts/${page.url().split('/').pop()}`)
  const saved = () => page.getByText('下書きを保存しました').waitFor()

  await page.goto(base)
  const demo = button('デモを見る')
  await demo.or(page.locator('nav')).first().waitFor()
  if (await demo.isVisible()) await demo.click()
  await page.locator('nav').first().waitFor()

  await runner.test('a hashtag set is made in the settings, and put into a text with two keys, counted for Instagram', async () => {
    await page.goto(`${base}/settings/words`)
    await button('セットを作る').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('名前').fill('夏の定番')
    await dialog.getByLabel('ハッシュタグ').fill('#夏 ＃カフェ 水出し, 朝活')
    await button('保存する', dialog).click()
    await page.getByText('#夏 #カフェ #水出し #朝活').waitFor()
    await compose('新作です。#新作 #試飲', ['instagram', 'x'])
    await text.press('Control+End')
    await page.keyboard.press('Control+;')
    await page.getByRole('combobox', { name: '名前やタグで探す' }).fill('定番')
    await page.getByRole('option').getByText('Instagram: 6/5').waitFor()
    await page.keyboard.press('Enter')
    equal(await text.inputValue(), '新作です。#新作 #試飲 #夏 #カフェ #水出し #朝活', 'the text')
    await page.getByText('#6/5').first().waitFor()
    await settles(async () => equal((await stored()).text, await text.inputValue(), 'the stored text'))
    await page.keyboard.press('Control+z')
    equal(await text.inputValue(), '新作です。#新作 #試飲', 'after the browser undid it')
  })

  await runner.test('somebody named once is called by their own handle on each network, and links say where visitors came from', async () => {
    await page.goto(`${base}/settings/words`)
    await button('相手を加える').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('名前', { exact: true }).fill('あお珈琲')
    await dialog.getByLabel('X', { exact: true }).fill('@ao_coffee')
    await dialog.getByLabel('Instagram').fill('ao.coffee')
    await button('保存する', dialog).click()
    await page.getByText('@ao.coffee').waitFor()
    await page.getByLabel('リンクに計測タグを付ける').check()
    await page.getByLabel('自分のサイト').fill('https://shop.example.jp/')
    await page.locator('[aria-labelledby=link-tags]').getByRole('button', { name: '保存する' }).click()
    await settles(async () => equal((await api('/kit')).links.hosts, ['shop.example.jp'], 'own sites'))
    const ids = await compose('今日は@{あお珈琲}さんと https://shop.example.jp/a', ['x', 'instagram', 'line'])
    const named = page.getByRole('list', { name: 'この投稿で名前を出す相手' })
    await named.getByText('@ao_coffee').waitFor()
    for (const [network, words] of [['x', '@ao_coffee さんと'], ['instagram', '@ao.coffee さんと'], ['line', '今日はあお珈琲さんと']]) {
      await page.locator(`#tab-${ids[network]}`).click()
      await preview.getByText(words).first().waitFor()
      await preview.getByText(`utm_source=${network}`).first().waitFor()
    }
    equal((await stored()).text, '今日は@{あお珈琲}さんと https://shop.example.jp/a', 'what is written')
    await text.fill('@{だれも知らない}')
    await named.getByText('部品にない名前です').waitFor()
  })

  await runner.test('a finding stands beside the part of a thread it is about, and one key mends it', async () => {
    await compose('一つめ', ['x'])
    await button('続きを追加', panel).click()
    const part = panel.getByRole('group', { name: 'スレッド 2' })
    await part.locator('textarea').first().fill('宅急便でお届けします')
    await part.getByText('TM-01', { exact: false }).first().waitFor()
    equal(await page.locator('.write').getByText('TM-01').count(), 0, 'findings at the common text')
    await part.locator('textarea').first().press('Control+.')
    await settles(async () => equal(await part.locator('textarea').first().inputValue(), '宅配便でお届けします', 'the part'))
    await panel.getByLabel('最初のコメント').fill('ポストイットを添えます')
    await panel.locator('mark').getByText('ポストイット').waitFor()
    await panel.getByLabel('最初のコメント').press('Control+.')
    await settles(async () => equal(await panel.getByLabel('最初のコメント').inputValue(), '付箋を添えます', 'the comment'))
  })

  await runner.test('a character that turns the writing around is named, and one key takes it out', async () => {
    await compose('公式サイト\u202emoc.elpmaxe', ['x'])
    await page.locator('.write').getByText('RLO').waitFor()
    await text.press('Control+.')
    await settles(async () => equal(await text.inputValue(), '公式サイトmoc.elpmaxe', 'the text'))
    await page.locator('.write').getByText('RLO').waitFor({ state: 'detached' })
  })

  await runner.test('what to take care of at a time is said beside it, before scheduling', async () => {
    await compose('記念日のセールのご案内です', ['x'])
    const care = page.getByRole('list', { name: 'この日時で気をつけること' })
    const year = new Date().getFullYear() + 1
    await page.getByLabel('公開日時').fill(`${year}-03-11T14:30`)
    await care.getByText('東日本大震災', { exact: false }).first().waitFor()
    await settles(async () => truth((await stored()).due_at, 'the time is stored'))
    const first = await stored()
    await compose('まったく別の話', ['x'])
    await page.getByLabel('公開日時').fill(`${year}-03-11T14:31`)
    await care.getByText('時間が近すぎます', { exact: false }).waitFor()
    equal(await care.getByRole('link').first().getAttribute('href'), `/compose/${first.id}`, 'where it leads')
    await page.getByLabel('公開日時').fill(`${year}-06-10T10:00`)
    await care.waitFor({ state: 'detached' })
  })

  await runner.test('a text of 100,000 characters is kept, said to be too long, and does not hold up typing', async () => {
    await compose('', ['x', 'instagram', 'line'])
    const book = '長い話をここに貼ります。'.repeat(8_334).slice(0, 100_000)
    await text.evaluate((area, words) => { area.focus(); document.execCommand('insertText', false, words) }, book)
    await page.getByText('20000 文字より長い本文は保存できません', { exact: false }).first().waitFor()
    await page.waitForTimeout(1_500)
    const times = await text.evaluate(async (area) => {
      const took = []
      for (let n = 0; n < 12; n++) {
        // What the page does at a key. How long the browser takes to lay out so long a field is its own: 0.4 s in an empty page on a busy machine.
        area.setRangeText('あ', area.value.length, area.value.length, 'end')
        const began = performance.now()
        area.dispatchEvent(new InputEvent('input', { bubbles: true }))
        for (let n = 0; n < 5; n++) await null // effects run behind the event
        took.push(performance.now() - began)
        await new Promise((done) => requestAnimationFrame(() => setTimeout(done)))
      }
      return took.sort((a, b) => a - b)
    })
    console.log(`# a key in 100,000 characters: median ${Math.round(times[6])} ms, slowest ${Math.round(times[11])} ms`)
    truth(times[6] < 100, `a key took ${Math.round(times[6])} ms`)
    equal((await text.inputValue()).length, book.length + 12, 'the characters kept')
    await page.reload()
    await settles(async () => equal((await text.inputValue()).length, book.length + 12, 'the characters kept by the browser'))
    await text.fill('')
  })

  await runner.test('an earlier version is compared word by word and brought back, and that can be undone', async () => {
    await compose('新作のカフェラテを出します', ['x'])
    await saved()
    const post = await stored()
    // as if another day: what is stored now stays a version of its own
    await api(`/posts/${post.id}`, { method: 'PUT', body: JSON.stringify({ version: post.version, is_apart: true, text: '新作の抹茶ラテを出します', variants: post.variants }) })
    await page.reload()
    await settles(async () => equal(await text.inputValue(), '新作の抹茶ラテを出します', 'the text'))
    await button('前の版を見る').click()
    const dialog = page.getByRole('dialog')
    await dialog.locator('del').getByText('カフェラテ').waitFor()
    await dialog.locator('ins').getByText('抹茶ラテ').waitFor()
    await button('この版に戻す', dialog).click()
    await settles(async () => equal(await text.inputValue(), '新作のカフェラテを出します', 'the text'))
    equal((await stored()).text, '新作のカフェラテを出します', 'the stored text')
    equal((await api(`/posts/${post.id}/versions`)).versions.length, 3, 'versions')
    await button('元に戻す').click()
    await settles(async () => equal((await stored()).text, '新作の抹茶ラテを出します', 'after undo'))
  })

  await runner.test('the dialogs are accessible', async () => {
    const opened = await openPage(browser, { bypassCSP: true, width: 390 })
    await opened.page.goto(base)
    const demo = opened.page.getByRole('button', { name: 'デモを見る' })
    await demo.or(opened.page.locator('nav')).first().waitFor()
    if (await demo.isVisible()) await demo.click()
    await opened.page.locator('nav').first().waitFor()
    await opened.page.goto(page.url())
    await opened.page.getByRole('button', { name: '前の版を見る' }).click()
    await opened.page.getByRole('dialog').locator('del').first().waitFor()
    equal(await serious(opened.page), [], 'findings in the versions')
    await opened.page.keyboard.press('Escape')
    await opened.page.getByRole('button', { name: 'タグ・メンションを入れる' }).click()
    await opened.page.getByRole('dialog').getByRole('option').first().waitFor()
    equal(await serious(opened.page), [], 'findings in the picker')
    equal(await opened.page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth), false, 'overflow')
    await opened.context.close()
  })

  await runner.test('none of this left an error in the console', async () => equal(faults, [], 'console errors'))
  await context.close()
}

/** Two people, each signed in, write into one post. */
export async function twoPeople(runner, browser, base) {
  const { context, page, faults, api } = await signedIn(browser, base)
  const account = (await api('/accounts')).accounts.find((one) => one.state === 'ok')
  const { link } = await api('/invitations', { method: 'POST', body: JSON.stringify({ email: 'second@example.com', role: 'editor' }) })
  const second = await openPage(browser)
  await accept(second.page, link, '二人目', PASSWORD)
  const text = (where) => where.getByLabel('本文', { exact: true })
  const saved = (where) => where.getByText('下書きを保存しました').waitFor()
  const dialog = second.page.getByRole('dialog')
  const choose = (place, name) => dialog.getByRole('group', { name: place }).getByRole('button', { name }).click()
  const begin = async (words) => {
    const post = await api('/posts', { method: 'POST', body: JSON.stringify({ text: words, variants: [{ account_id: account.id, text: null }] }) })
    for (const one of [page, second.page]) {
      await one.goto(`${base}/compose/${post.id}`)
      await settles(async () => equal(await text(one).inputValue(), words, 'the text'))
    }
    return post.id
  }
  const meet = async () => {
    await text(page).fill('春の豆は500円です')
    await saved(page)
    await second.page.getByText('ほかの人がこの投稿を変えました').waitFor({ timeout: 20_000 })
    await text(second.page).fill('春の豆は税込550円です')
    await dialog.getByText('春の豆は500円です', { exact: true }).waitFor()
    await dialog.getByText('春の豆は税込550円です', { exact: true }).first().waitFor()
    await dialog.locator('del').getByText('500').waitFor()
  }

  await runner.test('the second of two people sees both versions and what differs, and puts them together by hand', async () => {
    const id = await begin('春の豆のご案内')
    await meet()
    await choose('本文', '手で合わせる')
    await dialog.getByLabel('合わせた文').fill('春の豆は500円(税込550円)です')
    await dialog.getByRole('button', { name: '選んだとおりに保存' }).click()
    await settles(async () => equal((await api(`/posts/${id}`)).text, '春の豆は500円(税込550円)です', 'the stored text'))
    const { versions } = await api(`/posts/${id}/versions`)
    const texts = await Promise.all(versions.map(async (one) => (await api(`/posts/${id}/versions/${one.version}`)).content.text))
    truth(texts.includes('春の豆は500円です'), `the other's words are gone: ${texts}`)
  })

  await runner.test('taking what the other saved keeps one\'s own a step of undo away', async () => {
    const id = await begin('夏の豆のご案内')
    await meet()
    await dialog.getByRole('button', { name: '保存されている版を使う' }).click()
    equal(await text(second.page).inputValue(), '春の豆は500円です', 'the text')
    await second.page.getByRole('button', { name: '元に戻す' }).click()
    equal(await text(second.page).inputValue(), '春の豆は税込550円です', 'after undo')
    await settles(async () => equal((await api(`/posts/${id}`)).text, '春の豆は税込550円です', 'the stored text'))
  })

  await runner.test('two people left no error in the console', async () => equal([...faults, ...second.faults], [], 'console errors'))
  await second.context.close()
  await context.close()
}
