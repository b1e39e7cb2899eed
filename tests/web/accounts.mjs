// Connecting: a card for each network, a developer app step by step, a practice network's own page and back, a choice of accounts; then an
// account's health, slots, hold switch and its disconnecting, which can be undone; and the palette's hold over all workspaces.
import { equal, openPage, settles, truth } from './browser.mjs'
import { OWNER } from './day.mjs'

const NETWORKS = ['bluesky', 'facebook', 'instagram', 'line', 'mastodon', 'threads', 'tiktok', 'x', 'youtube']

/** Signed in on the accounts' page; `api` asks the server as the page does. */
export async function signedIn(browser, base, options = {}) {
  const { context, page, faults } = await openPage(browser, options)
  await page.goto(`${base}/settings/accounts`)
  await page.getByLabel('メールアドレス').fill(OWNER.email)
  await page.getByLabel('パスワード').fill(OWNER.password)
  await page.getByRole('button', { name: 'サインイン' }).click()
  await page.locator('[data-network]').first().waitFor()
  const api = (path, init) => page.evaluate(async ([address, more]) => {
    const session = await (await fetch('/api/v1/session')).json()
    const reply = await fetch(`/api/v1/workspaces/${session.workspaces[0].workspace_id}${address}`, { ...more, headers: { 'X-CSRF-Token': session.csrf, 'Content-Type': 'application/json' } })
    return reply.status === 204 ? null : reply.json()
  }, [path, init ?? {}])
  return { context, page, faults, api }
}

/** `practice`: what `hibiki practice --json` said. */
export async function connecting(runner, browser, base, practice) {
  const { context, page, faults, api } = await signedIn(browser, base)
  const card = (network) => page.locator(`[data-network=${network}]`)
  const open = async (network, name) => {
    await page.goto(`${base}/settings/accounts`)
    await card(network).getByRole('button', { name }).first().click()
  }
  const connect = (network) => open(network, 'つなぐ')
  const onPractice = (network) => open(network, '練習でつなぐ')
  const dialog = page.getByRole('dialog')
  const told = (text) => page.locator('.toast', { hasText: text }).first().waitFor()
  const place = (network) => practice.networks.find((one) => one.network === network)
  const control = (network, path, body) => fetch(`${place(network).url}/practice/${path}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body ?? {}) })
  const row = (name) => page.locator('.rows > li', { hasText: name })
  const mastodon = () => row('@hibiki@').first()

  await runner.test('every network has its card; a practice one is offered exactly where one runs', async () => {
    equal((await page.locator('[data-network]').evaluateAll((all) => all.map((one) => one.dataset.network))).sort(), NETWORKS, 'the networks')
    const { networks } = await api('/networks')
    for (const { name, has_practice } of networks)
      equal(await card(name).getByRole('button', { name: '練習でつなぐ' }).count(), has_practice ? 1 : 0, `practice buttons of ${name}`)
  })

  await runner.test('a developer app is registered step by step, its addresses are ready to copy and its secret is never shown again', async () => {
    await connect('x')
    await dialog.locator('ol > li').first().waitFor()
    equal(await dialog.locator('ol > li').count(), 4, 'steps')
    equal(await dialog.getByLabel('リダイレクト URL').inputValue(), `${base}/connect/callback`, 'the redirect URL')
    await dialog.getByLabel('クライアント ID').fill('my-client')
    await dialog.getByLabel('クライアントシークレット').fill('a very secret word')
    await dialog.getByRole('button', { name: 'アプリを保存する' }).click()
    await dialog.getByText('開発者アプリは登録済みです。').waitFor()
    truth((await dialog.getByLabel('Webhook URL').inputValue()).startsWith(`${base}/hooks/x/`), 'no webhook URL')
    await dialog.getByRole('button', { name: '変更する' }).click()
    equal(await dialog.getByLabel('クライアント ID').inputValue(), 'my-client', 'the client id')
    equal(await dialog.getByLabel('クライアントシークレット').inputValue(), '', 'the secret')
    equal((await page.content()).includes('a very secret word'), false, 'the secret on the page')
    await dialog.getByRole('button', { name: 'やめる' }).click()
  })

  await runner.test('Mastodon asks only for the server; what is no server is said in place', async () => {
    await connect('mastodon')
    equal(await dialog.locator('input').count(), 1, 'fields')
    await dialog.getByLabel('サーバー').fill('not an address')
    await dialog.getByRole('button', { name: 'Mastodon の画面へ進む' }).click()
    await dialog.getByRole('alert').waitFor()
    await dialog.getByRole('button', { name: 'やめる' }).click()
  })

  await runner.test('who does not allow it comes back to a sentence and can try again', async () => {
    await onPractice('mastodon')
    await dialog.getByText('練習用の Mastodon です').waitFor()
    await dialog.getByRole('button', { name: '画面へ進む' }).click()
    await page.getByRole('link', { name: '許可しない' }).click()
    await page.waitForURL(/\?connection=/)
    await dialog.getByRole('alert').waitFor()
    await dialog.getByRole('button', { name: 'もう一度つなぐ' }).click()
    await page.getByText('どのアカウントをアプリに許可しますか').waitFor()
  })

  await runner.test('who allows it comes back connected, and the account says that it is practice', async () => {
    await page.getByRole('link', { name: '喫茶ひびき hibiki', exact: true }).click()
    await told('をつなぎました')
    equal(new URL(page.url()).search, '', 'what is left in the address')
    await mastodon().getByText('練習', { exact: true }).waitFor()
    equal((await api('/accounts')).accounts.filter((one) => one.network === 'mastodon').map((one) => one.is_practice), [true], 'the accounts')
  })

  await runner.test('an app in no use is taken away after its consequence was said', async () => {
    await connect('tiktok')
    await dialog.getByLabel('クライアント ID').fill('key-of-tiktok')
    await dialog.getByLabel('クライアントシークレット').fill('secret')
    await dialog.getByRole('button', { name: 'アプリを保存する' }).click()
    await dialog.getByRole('button', { name: 'アプリを外す' }).click()
    const group = dialog.getByRole('group', { name: 'アプリを外す' })
    await group.getByText('シークレットを Hibiki から消します', { exact: false }).waitFor()
    equal((await api('/apps')).apps.filter((one) => one.network === 'tiktok').length, 1, 'nothing is gone before the second press')
    await group.getByRole('button', { name: 'アプリを外す' }).click()
    await dialog.getByRole('button', { name: 'アプリを保存する' }).waitFor()
    equal((await api('/apps')).apps.filter((one) => one.network === 'tiktok').length, 0, 'apps of TikTok')
    await dialog.getByRole('button', { name: 'やめる' }).click()
  })

  await runner.test('practice accounts are named and filled in; a channel is connected with id and secret; a wrong one is refused in place', async () => {
    const [channel, second] = place('line').accounts
    await onPractice('line')
    await dialog.getByRole('radio').first().waitFor()
    equal(await dialog.getByRole('radio').count(), place('line').accounts.length, 'practice accounts')
    await settles(async () => equal(await dialog.getByLabel('チャネル ID').inputValue(), channel.id, 'the first is filled in'))
    await dialog.getByText(second.name).click()
    equal([await dialog.getByLabel('チャネル ID').inputValue(), await dialog.getByLabel('チャネルシークレット').inputValue()], [second.id, second.password], 'the second')
    await dialog.getByLabel('チャネル ID').fill(channel.id)
    await dialog.getByLabel('チャネルシークレット').fill('wrong')
    await dialog.getByRole('button', { name: 'つなぐ' }).click()
    await dialog.getByRole('alert').waitFor()
    await dialog.getByLabel('チャネルシークレット').fill(channel.password)
    await dialog.getByRole('button', { name: 'つなぐ' }).click()
    await told('をつなぎました')
  })

  await runner.test('LINE is told where to send, tries it, and the account says that messages come in', async () => {
    const { accounts } = await api('/accounts')
    const line = accounts.find((one) => one.network === 'line')
    await settles(async () => truth((await api(`/accounts/${line.id}/health`)).hook.taken >= 1, 'nothing came in'))
    const { last_error, quotas } = await api(`/accounts/${line.id}/health`)
    equal(last_error, null, 'errors')
    truth(quotas.some((one) => one.name === 'messages' && one.as_of), 'the quota was not read')
  })

  await runner.test('an approval that brings several pages asks which: both are connected', async () => {
    const pages = place('facebook').accounts
    await onPractice('facebook')
    await dialog.getByRole('button', { name: '画面へ進む' }).click()
    await page.getByRole('link', { name: pages[0].handle, exact: false }).first().click()
    await page.waitForURL(/\?connection=/)
    await dialog.getByText('どのアカウント', { exact: false }).or(dialog.getByRole('checkbox').first()).first().waitFor()
    equal(await dialog.getByRole('checkbox').count(), 2, 'pages to choose from')
    for (const box of await dialog.getByRole('checkbox').all()) await box.check()
    await dialog.getByRole('button', { name: /2/ }).click()
    await told('をつなぎました')
    equal((await api('/accounts')).accounts.filter((one) => one.network === 'facebook').map((one) => one.display_name).sort(), [pages[0].name, pages[1].name].sort(), 'the pages')
  })

  await runner.test('of several accounts one chooses, and a wrong choice is said in place', async () => {
    const id = '0193aaaa-0000-7000-8000-000000000001'
    const choice = (remote_id, display_name, is_connected) => ({ remote_id, handle: remote_id, display_name, is_connected })
    const connection = { id, network: 'facebook', service: 'https://graph.facebook.com', is_practice: true, state: 'choose', authorize_url: null, reason: null, detail: null,
      message: null, choices: [choice('p1', '喫茶ひびき', true), choice('p2', '喫茶ひびき 駅前店', false)], accounts: [], expires_at: new Date(Date.now() + 600_000).toISOString() }
    const sent = []
    await page.route(`**/connections/${id}`, (route) => route.fulfill({ json: sent.length ? { ...connection, state: 'exchanging' } : connection }))
    await page.route(`**/connections/${id}/choose`, async (route) => {
      sent.push(route.request().postDataJSON().remote_ids)
      if (sent.length === 1) await route.fulfill({ status: 409, contentType: 'application/problem+json', json: { type: 'about:blank', title: 'x', status: 409, reason: 'accounts.connection_used', detail: 'もう使われました。' } })
      else await route.fulfill({ json: { ...connection, state: 'done', choices: [] } })
    })
    await page.goto(`${base}/settings/accounts?connection=${id}`)
    equal(await dialog.getByRole('checkbox', { name: /喫茶ひびき @p1/ }).isChecked(), true, 'the connected one')
    await dialog.getByRole('checkbox', { name: /駅前店/ }).check()
    await dialog.getByRole('button', { name: '2 件をつなぐ' }).click()
    await dialog.getByText('もう使われました。').waitFor()
    await dialog.getByRole('checkbox', { name: /喫茶ひびき @p1/ }).uncheck()
    await dialog.getByRole('button', { name: '1 件をつなぐ' }).click()
    await dialog.waitFor({ state: 'detached' })
    equal(sent, [['p1', 'p2'], ['p2']], 'what was chosen')
    await page.unroute(`**/connections/${id}`)
    await page.unroute(`**/connections/${id}/choose`)
  })

  await runner.test('health tells the life, the quotas, the last reading; after a refusal the network\'s own words', async () => {
    await mastodon().getByRole('button', { name: '詳細' }).click()
    await mastodon().getByText('期限なし').waitFor()
    await mastodon().getByRole('meter', { name: '投稿' }).waitFor()
    await mastodon().getByText('エラーはありません。').waitFor()
    await control('mastodon', 'fault', { fault: 'error', times: 20 })
    await mastodon().getByRole('button', { name: 'いま確かめる' }).click()
    await mastodon().getByText('最後のエラー').waitFor()
    await control('mastodon', 'fault', { fault: 'none' })
  })

  await runner.test('slots are added to the days of a week, taken out one by one, and an edit is undone', async () => {
    const slots = async () => (await api('/slots')).slots.map(({ weekday, time }) => `${weekday} ${time}`)
    await mastodon().getByLabel('枠の時刻').fill('08:30')
    await mastodon().getByRole('button', { name: '枠を加える' }).click()
    await told('投稿枠を変えました。')
    await settles(async () => equal(await slots(), ['1 08:30', '2 08:30', '3 08:30', '4 08:30', '5 08:30'], 'the slots'))
    await mastodon().getByText('次の空き枠:').waitFor()
    await mastodon().getByRole('button', { name: '水 08:30 の枠を外す' }).click()
    await settles(async () => equal((await slots()).length, 4, 'slots'))
    await page.locator('.toast', { hasText: '投稿枠' }).last().getByRole('button', { name: '元に戻す' }).click()
    await settles(async () => equal((await slots()).length, 5, 'slots after undo'))
  })

  await runner.test('one account is held alone: the banner names it, releasing asks first', async () => {
    await mastodon().getByRole('button', { name: '投稿を止める' }).click()
    const banner = page.getByRole('region', { name: '一部の投稿を停止中' })
    await banner.getByText('(Mastodon) の投稿を止めています。').waitFor()
    await settles(async () => equal((await api('/hold')).switches.map((one) => one.scope), ['account'], 'the switches'))
    equal((await api('/hold')).is_held, false, 'the whole workspace')
    await banner.getByRole('button', { name: '再開する' }).click()
    equal((await api('/hold')).switches.length, 1, 'switches before saying yes')
    await dialog.getByRole('button', { name: '再開する' }).click()
    await banner.waitFor({ state: 'detached' })
    await settles(async () => equal((await api('/hold')).switches, [], 'the switches'))
  })

  await runner.test('disconnecting can be undone; nothing is sent until the note is gone or the page is left', async () => {
    const leave = async () => {
      const line = row('@hibiki').filter({ has: page.getByText('LINE', { exact: true }) }).first()
      if (!(await line.getByRole('button', { name: '切断する' }).isVisible())) await line.getByRole('button', { name: '詳細' }).click()
      await line.getByRole('button', { name: '切断する' }).click()
      await dialog.getByRole('button', { name: '切断する' }).click()
    }
    const count = async () => (await api('/accounts')).accounts.filter((one) => one.network === 'line').length
    await leave()
    equal(await count(), 1, 'LINE accounts while it can be undone')
    await page.locator('.toast', { hasText: '切断しました' }).getByRole('button', { name: '元に戻す' }).click()
    await row('@hibiki').filter({ has: page.getByText('LINE', { exact: true }) }).first().waitFor()
    await leave()
    await page.goto('about:blank')
    await page.goto(`${base}/settings/accounts`)
    await settles(async () => equal(await count(), 0, 'LINE accounts after leaving'))
  })

  await runner.test('the palette holds every workspace of the person at once', async () => {
    await page.evaluate(async () => {
      const session = await (await fetch('/api/v1/session')).json()
      await fetch('/api/v1/workspaces', { method: 'POST', headers: { 'X-CSRF-Token': session.csrf, 'Content-Type': 'application/json' }, body: JSON.stringify({ name: '二号店', zone: 'Asia/Tokyo' }) })
    })
    const held = () => page.evaluate(async () => {
      const { workspaces } = await (await fetch('/api/v1/session')).json()
      return Promise.all(workspaces.map(async (one) => (await (await fetch(`/api/v1/workspaces/${one.workspace_id}/hold`)).json()).is_held))
    })
    const choose = async (name) => {
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox', { name: '検索と操作' }).fill(name)
      await page.getByRole('option', { name }).click()
    }
    await page.goto(`${base}/queue`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await choose('すべてのワークスペースの投稿を止める')
    await told('2 個のワークスペースの投稿を止めました。')
    equal(await held(), [true, true], 'held')
    await choose('すべてのワークスペースの投稿を再開する')
    await dialog.getByRole('button', { name: '再開する' }).click()
    await settles(async () => equal(await held(), [false, false], 'held'))
  })
  equal(faults.filter((one) => !/status of (502|503)/.test(one)), [], 'console errors while connecting')
  await context.close()
}
