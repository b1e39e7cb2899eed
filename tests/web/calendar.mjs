// The calendar: posts moved by mouse, finger and keys, copied, chosen together, taken away and brought back; filters; week, day, list and lanes.
import { equal, settles, truth } from './browser.mjs'
import { signedIn } from './accounts.mjs'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

const tokyo = (at) => new Date(at + 9 * HOUR_MS).toISOString()
const dayOf = (at) => tokyo(at).slice(0, 10)
const addDays = (day, n) => new Date(Date.parse(`${day}T00:00:00Z`) + n * DAY_MS).toISOString().slice(0, 10)
/** A wall reading of Tokyo as the instant the server stores. */
const instant = (day, time) => new Date(Date.parse(`${day}T${time}:00Z`) - 9 * HOUR_MS).toISOString().replace('.000', '')

/** The second Monday of the month after next: days before and after it are in the same month, and nothing else is planned there. */
function quietMonday() {
  const [year, month] = dayOf(Date.now()).split('-').map(Number)
  const first = new Date(Date.UTC(year, month + 1, 1))
  return addDays(first.toISOString().slice(0, 10), ((8 - (first.getUTCDay() || 7)) % 7) + 7)
}

export async function calendar(runner, browser, base) {
  const { context, page, faults, api } = await signedIn(browser, base)
  const monday = quietMonday()
  const tuesday = addDays(monday, 1), wednesday = addDays(monday, 2), thursday = addDays(monday, 3)
  const send = (path, body, method = 'POST') => api(path, { method, body: JSON.stringify(body) })
  const { accounts } = await api('/accounts')
  const account = accounts.find((one) => one.network === 'bluesky') ?? accounts[0]
  const chip = (post, on = page) => on.locator(`[data-post="${post}"]`).first()
  const day = (date, on = page) => on.locator(`[data-day="${date}"]`).first()
  const stored = async (post) => (await api(`/posts/${post}`)).due_at
  const open = (view, date = monday) => page.goto(`${base}/calendar?view=${view}&day=${date}`)
  const plan = async (text, date, time, isScheduled = true) => {
    const { id } = await send('/posts', { text, variants: [{ account_id: account.id, text: null }], ...(isScheduled ? {} : { due_at: instant(date, time) }) })
    if (isScheduled) await send(`/posts/${id}/schedule`, { at: instant(date, time) })
    return id
  }
  const shown = (post, date, on = page) => day(date, on).locator(`[data-post="${post}"]`).waitFor()

  const one = await plan('カレンダーの一つ目', monday, '09:00')
  const other = await plan('カレンダーの二つ目 #豆', monday, '09:20')
  const draft = await plan('カレンダーの下書き', tuesday, '10:00', false)

  await runner.test('posts of one account that stand too close are marked', async () => {
    await open('month')
    await chip(one).getByText('同じアカウントの投稿との間隔が短すぎます').waitFor({ state: 'attached' })
    await day(monday).getByTitle('間隔が短すぎる投稿 2 件').waitFor()
    equal(await chip(draft).getByText('同じアカウントの投稿との間隔が短すぎます').count(), 0, 'marks of a post that stands alone')
  })

  await runner.test('dragging moves a post to another day at the same time, and Ctrl+Z brings it back', async () => {
    await chip(other).dragTo(day(wednesday))
    await shown(other, wednesday)
    await settles(async () => equal(await stored(other), instant(wednesday, '09:20'), 'the stored time'))
    await page.keyboard.press('Control+z')
    await shown(other, monday)
    await settles(async () => equal(await stored(other), instant(monday, '09:20'), 'the stored time after undo'))
  })

  await runner.test('Esc lets go of what is dragged', async () => {
    const from = await chip(other).boundingBox()
    const to = await day(wednesday).boundingBox()
    await page.mouse.move(from.x + 20, from.y + 8)
    await page.mouse.down()
    await page.mouse.move(to.x + 30, to.y + 60, { steps: 5 })
    await page.locator('.ghost').waitFor()
    await page.keyboard.press('Escape')
    await page.locator('.ghost').waitFor({ state: 'detached' })
    await page.mouse.up()
    await shown(other, monday)
    equal(await stored(other), instant(monday, '09:20'), 'the stored time')
  })

  await runner.test('dropped with Alt it is copied as a draft, and undo takes the copy away', async () => {
    const from = await chip(one).boundingBox()
    const to = await day(thursday).boundingBox()
    await page.mouse.move(from.x + 20, from.y + 8)
    await page.mouse.down()
    await page.mouse.move(to.x + 30, to.y + 60, { steps: 5 })
    await page.keyboard.down('Alt')
    await page.mouse.move(to.x + 32, to.y + 62)
    await page.mouse.up()
    await page.keyboard.up('Alt')
    await page.getByText('1 件を下書きとしてコピーしました。').waitFor()
    const copy = day(thursday).locator('[data-post]', { hasText: '一つ目' })
    await copy.waitFor()
    const made = await api(`/posts/${await copy.getAttribute('data-post')}`)
    equal([made.state, made.due_at], ['draft', instant(thursday, '09:00')], 'the copy')
    equal(await stored(one), instant(monday, '09:00'), 'the original')
    await page.keyboard.press('Control+z')
    await copy.waitFor({ state: 'detached' })
  })

  await runner.test('keys do what dragging does: Alt+arrow moves, the focus goes along', async () => {
    await chip(draft).focus()
    await page.keyboard.press('Alt+ArrowRight')
    await shown(draft, wednesday)
    await page.keyboard.press('Shift+ArrowDown')
    await shown(draft, addDays(wednesday, 7))
    await page.waitForFunction((id) => document.activeElement?.getAttribute('data-post') === id, draft)
    await settles(async () => equal(await stored(draft), instant(addDays(wednesday, 7), '10:00'), 'the stored time'))
    await page.keyboard.press('m')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('新しい日時').fill(`${tuesday}T11:30`)
    await dialog.getByRole('button', { name: '移動する' }).click()
    await shown(draft, tuesday)
    await settles(async () => equal(await stored(draft), instant(tuesday, '11:30'), 'the stored time'))
  })

  await runner.test('several are chosen and move together by the same stretch', async () => {
    await chip(one).click({ modifiers: ['Control'] })
    await chip(draft).click({ modifiers: ['Control'] })
    await page.getByText('2 件を選択中').waitFor()
    await chip(one).dragTo(day(tuesday))
    await shown(one, tuesday)
    await shown(draft, wednesday)
    await settles(async () => equal([await stored(one), await stored(draft)], [instant(tuesday, '09:00'), instant(wednesday, '11:30')], 'the stored times'))
    await page.keyboard.press('Control+z')
    await shown(one, monday)
    await shown(draft, tuesday)
    await settles(async () => equal([await stored(one), await stored(draft)], [instant(monday, '09:00'), instant(tuesday, '11:30')], 'the stored times after undo'))
  })

  await runner.test('what is chosen is unscheduled, deleted and brought back, each undone', async () => {
    const bar = page.getByRole('toolbar')
    await bar.getByRole('button', { name: '予約を取り消す' }).click()
    await settles(async () => equal((await api(`/posts/${one}`)).state, 'draft', 'the state'))
    await page.getByText('1 件の予約を取り消し').waitFor()
    await page.keyboard.press('Control+z')
    await settles(async () => equal((await api(`/posts/${one}`)).state, 'scheduled', 'the state after undo'))
    await bar.getByRole('button', { name: '削除' }).click()
    await chip(one).waitFor({ state: 'detached' })
    await page.getByText('2 件を削除しました。').waitFor()
    await page.keyboard.press('Control+z')
    await shown(one, monday)
    await shown(draft, tuesday)
    await settles(async () => equal([(await api(`/posts/${one}`)).state, (await api(`/posts/${draft}`)).state], ['scheduled', 'draft'], 'the states'))
  })

  await runner.test('the choosing mode chooses by pressing, and Shift chooses a range', async () => {
    await page.getByRole('button', { name: '選択', exact: true }).click()
    await chip(one).click()
    equal(await chip(one).getAttribute('aria-checked'), 'true', 'chosen')
    await chip(draft).click({ modifiers: ['Shift'] })
    await page.getByText('3 件を選択中').waitFor()
    await page.getByRole('button', { name: '選択をやめる' }).click()
    await page.getByRole('toolbar').waitFor({ state: 'detached' })
  })

  await runner.test('filters show only what is asked for', async () => {
    await page.getByRole('searchbox').fill('＃豆')
    await page.getByText('1 件', { exact: true }).first().waitFor()
    await chip(one).waitFor({ state: 'detached' })
    await chip(other).waitFor()
    await page.getByRole('button', { name: '絞り込みを外す' }).click()
    await page.getByLabel('状態').selectOption('draft')
    await chip(other).waitFor({ state: 'detached' })
    await chip(draft).waitFor()
    await page.getByRole('button', { name: '絞り込みを外す' }).click()
    await chip(one).waitFor()
  })

  await runner.test('in the week a post is dragged to another hour, and keys go by the hour', async () => {
    await open('week')
    await chip(other).dragTo(page.locator(`[data-drop="${tuesday}T14"]`))
    await page.locator(`[data-drop="${tuesday}T14"] [data-post="${other}"]`).waitFor()
    await settles(async () => equal(await stored(other), instant(tuesday, '14:20'), 'the stored time'))
    await chip(other).focus()
    await page.keyboard.press('Alt+ArrowDown')
    await page.locator(`[data-drop="${tuesday}T15"] [data-post="${other}"]`).waitFor()
    await settles(async () => equal(await stored(other), instant(tuesday, '15:20'), 'the stored time'))
  })

  await runner.test('the day and the list show the same posts', async () => {
    await open('day', tuesday)
    await chip(other).waitFor()
    await chip(one).waitFor({ state: 'detached' })
    await open('list')
    await shown(one, monday)
    await shown(other, tuesday)
  })

  await runner.test('a drop into another lane changes the campaign', async () => {
    const campaign = await send('/campaigns', { name: 'カレンダーの企画' })
    await open('lanes')
    const lane = page.locator(`[data-drop="${wednesday}/${campaign.id}"]`)
    await lane.scrollIntoViewIfNeeded()
    await chip(one).dragTo(lane)
    await lane.locator(`[data-post="${one}"]`).waitFor()
    await settles(async () => equal(await stored(one), instant(wednesday, '09:00'), 'the stored time'))
    await settles(async () => equal((await api(`/calendar?from=${instant(monday, '00:00')}&to=${instant(addDays(monday, 6), '00:00')}&campaign=${campaign.id}`)).n, 1, 'posts of the campaign'))
  })

  await runner.test('slots that nothing fills are shown where that is asked for, and lead to writing', async () => {
    await send(`/accounts/${account.id}/slots`, { slots: [{ weekday: 1, time: '18:00' }] }, 'PUT')
    await open('month')
    await page.getByLabel('空きを表示').check()
    await day(monday).getByText('18:00').first().click()
    await page.waitForURL(new RegExp(`/compose\\?day=${monday}&time=18:00`))
    equal(await page.getByLabel('公開日時').inputValue(), `${monday}T18:00`, 'the time')
    await send(`/accounts/${account.id}/slots`, { slots: [] }, 'PUT')
  })

  await runner.test('on a phone a long press lifts a post, a swipe only scrolls', async () => {
    const touch = await context.newPage()
    await touch.setViewportSize({ width: 390, height: 844 })
    const cdp = await context.newCDPSession(touch)
    await cdp.send('Emulation.setTouchEmulationEnabled', { enabled: true })
    await touch.goto(`${base}/calendar?view=list&day=${monday}`)
    await shown(other, tuesday, touch)
    await day(wednesday, touch).scrollIntoViewIfNeeded()
    const from = await chip(other, touch).boundingBox(), to = await day(wednesday, touch).boundingBox()
    const point = (box) => [{ x: box.x + box.width / 3, y: box.y + Math.min(20, box.height / 2) }]
    const finger = (type, touchPoints) => cdp.send('Input.dispatchTouchEvent', { type, touchPoints })
    await finger('touchStart', point(from))
    await finger('touchMove', point(to))
    await finger('touchEnd', [])
    equal(await stored(other), instant(tuesday, '15:20'), 'the stored time after a swipe')
    const again = await chip(other, touch).boundingBox(), there = await day(wednesday, touch).boundingBox()
    await finger('touchStart', point(again))
    await touch.waitForTimeout(600)
    await finger('touchMove', point(there))
    await finger('touchEnd', [])
    await shown(other, wednesday, touch)
    await settles(async () => equal(await stored(other), instant(wednesday, '15:20'), 'the stored time'))
    await touch.close()
  })

  await runner.test('nothing went wrong in the console meanwhile', () => {
    truth(!faults.length, faults.join('\n'))
  })
  for (const post of [one, other, draft]) await send('/posts/batch', { act: 'delete', items: [{ post_id: post }] })
  await context.close()
}
