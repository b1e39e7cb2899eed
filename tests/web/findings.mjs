// From a finding to a task on the demo: 800 posts come in by a file, what they cannot tell becomes a task with an owner and a day, the task is finished; and without the file the findings are as before.
import { equal, openPage, serious, settles, truth } from './browser.mjs'

const POSTS = 800
const DAY = 86_400_000
const HEADS = [['番号', '投稿のID'], ['いつ', '投稿した日時'], ['ひとこと', '本文'], ['すき', 'いいね']]

/** Posts of a year until a hundred days ago, three a day, every third with a link; nothing but chance tells them apart. The same file every time but for its days. */
function file() {
  let state = 20261127
  const random = () => ((state = (state * 1103515245 + 12345) % 2147483648) + 0.5) / 2147483648
  const normal = () => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random())
  const first = Math.floor(Date.now() / DAY - 360) * DAY
  const rows = Array.from({ length: POSTS }, (_, i) => {
    const at = new Date(first + Math.floor((i * 260 * DAY) / POSTS) + Math.floor(random() * 8) * 3_600_000).toISOString()
    const tags = ['#朝の一杯', '#珈琲', '#新しい豆'].filter(() => random() < 0.3).join(' ')
    return `f-${i},${at.slice(0, 10)} ${at.slice(11, 16)},今日の話 ${i}${i % 3 ? '' : ' https://example.com/'} ${tags},${Math.round(Math.exp(4 + 0.35 * normal()))}`
  })
  return `${HEADS.map(([head]) => head).join(',')}\n${rows.join('\n')}\n`
}

export async function findings(runner, browser, base) {
  const { context, page, faults } = await openPage(browser, { bypassCSP: true })
  page.setDefaultTimeout(Number(process.env.HIBIKI_TEST_TIMEOUT_MS ?? 30_000))
  const button = (name) => page.getByRole('button', { name, exact: true })
  await page.goto(base)
  const demo = page.getByRole('button', { name: 'デモを見る' })
  await demo.or(page.locator('nav')).first().waitFor()
  if (await demo.isVisible()) await demo.click()
  await page.locator('nav').first().waitFor()
  let account = ''
  let before = ''

  /** What the screen says of the account that got the file. */
  const said = async () => {
    await page.goto(`${base}/measure/findings`)
    await page.getByLabel('アカウント', { exact: true }).selectOption(account)
    await page.getByText('公開から48時間たった').first().waitFor()
    return page.locator('main').innerText()
  }

  await runner.test('a file of 800 posts is imported through the screen', async () => {
    await page.goto(`${base}/measure/imports`)
    await page.getByTestId('table').setInputFiles({ name: '一年分.csv', mimeType: 'text/csv', buffer: Buffer.from(file()) })
    await page.getByText('数字の列がありません').waitFor()
    for (const [head, role] of HEADS) {
      await page.getByLabel(head, { exact: true }).selectOption({ label: role })
      await page.waitForFunction((name) => ![...document.querySelectorAll('select')].some((one) => one.disabled) && name, head)
    }
    const whose = page.getByLabel('どのアカウントの数値か')
    account = await whose.locator('option').nth(1).getAttribute('value')
    await whose.selectOption(account)
    await page.getByText('今日の話 0').first().waitFor()
    await button(`${POSTS}行を取り込む`).waitFor()
  })

  await runner.test('its posts count among the findings, and what they cannot tell is a test of weeks', async () => {
    const importing = page.url()
    before = await said()
    await page.goto(importing)
    await button('続きを確認').click()
    await button(`${POSTS}行を取り込む`).click()
    await page.getByText(`${POSTS}行、${POSTS}個の数値です。`).waitFor()
    const now = await said()
    const count = (text) => Number(text.match(/公開から48時間たった([\d,]+)件/)[1].replace(',', ''))
    equal(count(now), count(before) + POSTS, 'posts that are looked at')
    await button('タスクにする').first().waitFor()
    equal(await serious(page), [], 'of axe')
  })

  await runner.test('what is said of a kind of post leads to as many posts as it says', async () => {
    for (const kind of ['投稿の種類', 'ハッシュタグ']) {
      const basis = page.getByRole('region', { name: kind }).locator('.words a').first()
      const count = Number((await basis.innerText()).match(/^([\d,]+)件/)[1].replace(',', ''))
      await basis.click()
      const say = page.locator('p.say')
      await say.filter({ hasText: '直近365日に出て' }).waitFor()
      equal(Number((await say.innerText()).match(/投稿 ([\d,]+)件/)[1].replace(',', '')), count, await say.innerText())
      if (kind === '投稿の種類') truth(/media=(text|link|image)/.test(page.url()), page.url())
      await page.getByRole('button', { name: /^「(文章だけ|リンク付き|画像|#.+)」の絞り込みを外す/ }).click()
      await say.filter({ hasText: /投稿 [\d,]*8\d\d件|投稿 9\d\d件|投稿 1,\d+件/ }).waitFor()
      await page.goBack()
      await page.goBack()
      await page.getByText('公開から48時間たった').first().waitFor()
      equal(await page.getByLabel('アカウント', { exact: true }).inputValue(), account, 'the account is still asked for')
      await button('タスクにする').first().waitFor()
    }
  })

  await runner.test('a click makes the test a task with its owner and its day', async () => {
    await button('タスクにする').first().click()
    await page.getByText('タスクを作りました').waitFor()
    await page.goto(`${base}/tasks`)
    const row = page.locator('li', { has: page.getByRole('button', { name: /^試す: / }) }).first()
    await row.waitFor()
    const made = await row.innerText()
    truth(/ まで/.test(made), `no day in: ${made}`)
    const [, one, other] = made.match(/^試す: (.+)と(.+)を[\d,]+件ずつ/)
    truth(one !== other, `a test of one thing against itself: ${made}`)
    await row.getByRole('button', { name: /^試す: / }).click()
    const dialog = page.getByRole('dialog')
    await settles(async () => truth((await dialog.getByLabel('担当').inputValue()) !== '', 'nobody owns it')) // who there is comes a moment later
    truth(/^\d{4}-\d{2}-\d{2}$/.test(await dialog.getByLabel('期日').inputValue()), 'no day')
    truth((await dialog.getByLabel('メモ').inputValue()).includes('同じような内容で交互に公開する'), 'the note says what to do')
    await page.keyboard.press('Escape')
  })

  await runner.test('the task can be finished', async () => {
    const box = page.getByLabel(/^「試す: .*」を終える$/).first()
    const name = await page.getByRole('button', { name: /^試す: / }).first().innerText()
    await box.click()
    await page.getByRole('link', { name: '終わった', exact: true }).click()
    await page.getByRole('button', { name, exact: true }).waitFor()
  })

  await runner.test('without the file the findings are as they were', async () => {
    await page.goto(`${base}/measure/imports`)
    const line = page.getByTestId('numbers-list').locator('li', { hasText: '一年分.csv' })
    await line.getByRole('button', { name: '取り消す' }).click()
    await line.getByRole('button', { name: '取り込みを取り消す' }).click()
    await line.getByText('取り消しました').waitFor()
    equal(await said(), before, 'what the screen says')
  })

  equal(faults, [], 'console errors')
  await context.close()
}
