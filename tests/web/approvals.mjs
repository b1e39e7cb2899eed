// Approvals with two people and a client: asked, commented at a spot, changes, approved by both; the client's page opens without a session and nothing else with it.
import { accept, equal, openPage, serious, settles, truth } from './browser.mjs'
import { signedIn } from './accounts.mjs'

const PASSWORD = 'a long 合言葉 for approvals'

export async function approvals(runner, browser, base) {
  const { context, page, faults, api } = await signedIn(browser, base)
  const members = await api('/members')
  const owner = members.members[0]
  await api('/approvals/policy', { method: 'PUT', body: JSON.stringify({ mode: 'client', remind_after_h: 24 }) })
  const account = (await api('/accounts')).accounts.find((one) => one.state === 'ok')
  const post = await api('/posts', { method: 'POST', body: JSON.stringify({ text: '新しい豆は500円です。ぜひ。', variants: [{ account_id: account.id, text: null }] }) })

  /** Somebody else, signed in by an invitation. */
  async function invited(role, email, name) {
    const { link } = await api('/invitations', { method: 'POST', body: JSON.stringify({ email, role }) })
    const opened = await openPage(browser)
    await accept(opened.page, link, name, PASSWORD)
    return opened
  }
  const second = await invited('approver', 'approver@example.com', '承認 する子')
  const panel = page.getByRole('region', { name: '承認とコメント' })
  let link = ''

  await runner.test('without an approval there is nothing to schedule, and the panel asks for one', async () => {
    await page.goto(`${base}/compose/${post.id}`)
    await page.getByText('承認を受けると、予約と公開ができます', { exact: false }).waitFor()
    equal(await page.getByRole('button', { name: '予約する' }).count(), 0, 'buttons to schedule')
    await panel.getByRole('textbox', { name: '承認者へのひとこと(任意)' }).fill('価格を見てください')
    await panel.getByRole('button', { name: '承認を依頼する' }).click()
    await panel.getByText('承認待ち').waitFor()
    equal((await api(`/posts/${post.id}`)).state, 'in_review', 'the state')
  })

  await runner.test('the approver hears of it by the bell, and sees it in the queue', async () => {
    const other = second.page
    await other.getByRole('button', { name: '通知(未読 1 件)' }).waitFor({ timeout: 20_000 })
    await other.getByRole('button', { name: '通知(未読 1 件)' }).click()
    await other.getByRole('dialog').getByText('承認の依頼が届きました', { exact: false }).waitFor()
    await other.getByRole('dialog').getByRole('button', { name: '閉じる' }).click()
    await other.goto(`${base}/queue?tab=review`)
    await other.getByText('あなたの承認待ち').first().waitFor() // beside what was scheduled before approvals were asked for
    await other.getByText('新しい豆は500円です').click()
    await other.getByRole('region', { name: '承認とコメント' }).getByText('価格を見てください').waitFor()
  })

  await runner.test('a comment stands at its spot, for both', async () => {
    const other = second.page
    await other.locator('#compose-text').evaluate((area) => { area.focus(); area.setSelectionRange(5, 9) })
    const theirs = other.getByRole('region', { name: '承認とコメント' })
    await theirs.getByRole('textbox', { name: 'コメントする' }).fill('税込ですか')
    await theirs.getByRole('button', { name: '選んだ箇所に付ける' }).click()
    await panel.getByText('税込ですか').waitFor({ timeout: 20_000 })
    await panel.getByRole('button', { name: '500円' }).click()
    equal(await page.locator('#compose-text').evaluate((area) => area.value.slice(area.selectionStart, area.selectionEnd)), '500円', 'the chosen words')
    await panel.getByRole('button', { name: '対応済みにする' }).click()
    await theirs.getByText('対応済み 1 件').waitFor({ timeout: 20_000 })
  })

  await runner.test('a link is made for the client and shown once', async () => {
    await panel.getByText('クライアント確認用リンク').click()
    await panel.getByRole('textbox', { name: 'だれに送るか' }).fill('株式会社まめ')
    await panel.getByRole('button', { name: 'リンクを作る' }).click()
    link = await panel.getByLabel('株式会社まめ さんへのリンク', { exact: false }).inputValue()
    truth(link.includes('/review/'), link)
  })

  for (const [theme, width, locale] of [['light', 390, 'ja-JP'], ['dark', 390, 'en-GB'], ['light', 1280, 'ja-JP']])
    await runner.test(`the client's page is accessible in ${theme} at ${width} px in ${locale}`, async () => {
      const client = await openPage(browser, { theme, width, locale, bypassCSP: true })
      await client.page.goto(link)
      await client.page.getByRole('button', { name: locale === 'ja-JP' ? '承認する' : 'Approve' }).waitFor()
      equal(await serious(client.page), [], 'findings')
      equal(await client.page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth), false, 'overflow')
      if (process.env.HIBIKI_TEST_SHOTS) await client.page.screenshot({ path: `${process.env.HIBIKI_TEST_SHOTS}/review-${theme}-${width}.png`, fullPage: true })
      await client.context.close()
    })

  await runner.test('the client approves without an account, and the team\'s approval makes it whole', async () => {
    const client = await openPage(browser)
    await client.page.goto(link)
    await client.page.getByText('新しい豆は500円です').waitFor()
    equal((await client.context.cookies()).length, 0, 'cookies')
    await client.page.getByRole('textbox', { name: 'お名前' }).fill('豆田')
    await client.page.getByRole('button', { name: '承認する' }).click()
    await client.page.getByText('承認を受け付けました', { exact: false }).waitFor()
    equal(await client.page.getByRole('button', { name: '承認する' }).count(), 0, 'buttons to approve again')
    equal(client.faults, [], 'console errors')
    await client.page.goto(`${base}/queue`)
    await client.page.getByLabel('パスワード', { exact: false }).first().waitFor() // the door: nothing else opens
    await client.context.close()
    await panel.getByText('クライアント 1 / 1').waitFor({ timeout: 20_000 })
    await second.page.getByRole('region', { name: '承認とコメント' }).getByRole('button', { name: '承認する' }).click()
    await settles(async () => equal((await api(`/posts/${post.id}`)).state, 'approved', 'the state'))
    await page.getByRole('button', { name: '予約する' }).waitFor({ timeout: 20_000 })
  })

  await runner.test('an edit of an approved post warns, and saving it takes the approval away', async () => {
    await page.locator('#compose-text').fill('新しい豆は480円です。ぜひ。')
    await page.getByText('承認済みの内容を変えています', { exact: false }).waitFor()
    equal((await api(`/posts/${post.id}`)).state, 'approved', 'the state while typing')
    await page.getByRole('button', { name: '保存して承認を取り直す' }).click()
    await settles(async () => equal((await api(`/posts/${post.id}`)).state, 'in_review', 'the state'))
    await panel.getByText('承認 0 / 1').waitFor({ timeout: 20_000 })
  })

  await runner.test('a deputy sees it on Today and approves in the approver’s place', async () => {
    await api('/approvals/policy', { method: 'PUT', body: JSON.stringify({ mode: 'one', remind_after_h: 24 }) })
    const analyst = await invited('analyst', 'deputy@example.com', '代理 みる人')
    const waiting = await api('/posts', { method: 'POST', body: JSON.stringify({ text: '代理に見てもらう投稿', variants: [{ account_id: account.id, text: null }] }) })
    await api(`/posts/${waiting.id}/approval`, { method: 'POST', body: '{}' })
    await second.page.goto(`${base}/settings/approvals`)
    const card = second.page.getByRole('region', { name: '代理', exact: true })
    await card.getByLabel('代理の人').selectOption({ label: '代理 みる人' })
    await card.getByRole('button', { name: '代理を決める' }).click()
    await card.getByText('承認 する子 さんの代理は 代理 みる人 さん').waitFor()
    await card.getByText('代理中').waitFor()
    if (process.env.HIBIKI_TEST_SHOTS) await second.page.screenshot({ path: `${process.env.HIBIKI_TEST_SHOTS}/deputies.png`, fullPage: true })
    await analyst.page.goto(base)
    await analyst.page.getByRole('region', { name: '自分の番' }).getByText('代理に見てもらう投稿').click()
    await analyst.page.getByText('代理として承認できます。').waitFor()
    await analyst.page.getByRole('region', { name: '承認とコメント' }).getByRole('button', { name: '承認する' }).click()
    await settles(async () => equal((await api(`/posts/${waiting.id}`)).state, 'approved', 'the state'))
    await analyst.page.getByText('代理 みる人 さん(承認 する子 さんの代理)が承認しました').waitFor()
    await card.getByRole('button', { name: 'やめる' }).click()
    await card.getByText('いま決めている代理はありません。').waitFor()
    equal([...analyst.faults, ...second.faults], [], 'console errors')
    await analyst.context.close()
  })

  await runner.test('each person chooses how to be told', async () => {
    await page.goto(`${base}/settings/notices`)
    const box = page.getByRole('checkbox', { name: 'コメント: アプリ' })
    await box.uncheck()
    await settles(async () => equal((await api('/notices/settings')).choices.find((one) => one.kind === 'comment').app, false, 'the choice'))
    await page.goto(`${base}/settings/approvals`)
    await page.getByRole('radio', { name: /承認なし/ }).check()
    await page.getByRole('button', { name: '保存する' }).click()
    await settles(async () => equal((await api('/approvals/policy')).mode, 'none', 'the policy'))
    equal(owner.role, 'owner')
    equal(faults, [], 'console errors')
  })
  await second.context.close()
  await context.close()
}
