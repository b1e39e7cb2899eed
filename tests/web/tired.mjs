// What a tired person does: clicks twice, pastes a book, goes back too early, loses the network, writes in two windows, is signed out while writing.
import { equal, openPage, settles, truth } from './browser.mjs'

const DAY_MS = 86_400_000
const text = (page) => page.getByLabel('本文', { exact: true })
const saved = (page) => page.getByText('下書きを保存しました').waitFor()

export async function aTiredPerson(runner, browser, base) {
  const { context, page, faults } = await openPage(browser)
  const tomorrow = new Date(Date.now() + DAY_MS + 9 * 3_600_000).toISOString().slice(0, 10)
  const button = (name, where = page) => where.getByRole('button', { name })
  const api = (path, options) => page.evaluate(async ([address, init]) => {
    const session = await (await fetch('/api/v1/session')).json()
    const reply = await fetch(`/api/v1/workspaces/${session.workspaces[0].workspace_id}${address}`, { ...init, headers: { 'X-CSRF-Token': session.csrf, 'Content-Type': 'application/json' } })
    return reply.status === 204 ? null : reply.json()
  }, [path, options ?? {}])
  const posts = async (word) => (await api('/posts?limit=200')).posts.filter((one) => one.text.includes(word))
  const compose = async (words, where = page) => {
    await where.goto(`${base}/compose`)
    await text(where).fill(words)
  }

  await page.goto(base)
  await page.locator('nav').first().waitFor()

  await runner.test('a double click on schedule makes one post', async () => {
    await compose('二度押しの投稿')
    await page.getByLabel('公開日時').fill(`${tomorrow}T09:00`)
    await button('予約する').first().dblclick()
    await page.waitForURL(/\/calendar/)
    await page.waitForTimeout(500)
    const found = await posts('二度押しの投稿')
    equal(found.map((one) => one.state), ['scheduled'], 'the posts')
    equal((await api(`/deliveries?post=${found[0].id}`)).deliveries.length, found[0].variants.length, 'its deliveries')
  })

  await runner.test('typing on while it is being saved and scheduling at once loses nothing and meets no quarrel with oneself', async () => {
    await compose('速い人')
    await page.getByLabel('公開日時').fill(`${tomorrow}T10:00`)
    await page.route('**/posts/**', async (route) => { // a slow line
      await new Promise((done) => setTimeout(done, 400))
      await route.continue()
    })
    await page.waitForURL(/\/compose\/[0-9a-f-]{36}$/)
    await text(page).pressSequentially('は保存を待たない')
    await page.waitForTimeout(1100) // the save of this is on its way
    await text(page).pressSequentially('。まだ書く')
    await page.waitForTimeout(1050)
    await text(page).press('Control+Enter')
    await page.waitForURL(/\/calendar/)
    await page.unrouteAll({ behavior: 'wait' }) // one may still be on its slow way
    equal((await posts('速い人')).map((one) => [one.state, one.text]), [['scheduled', '速い人は保存を待たない。まだ書く']], 'the posts')
  })

  await runner.test('going back while it is being saved keeps one draft with all of the text', async () => {
    await page.goto(`${base}/queue`)
    await page.goto(`${base}/compose`)
    await text(page).fill('戻るボタン')
    await page.waitForTimeout(1020)
    await page.goBack()
    await page.waitForURL(/\/queue/)
    await settles(async () => equal((await posts('戻るボタン')).map((one) => one.text), ['戻るボタン'], 'the drafts'))
    await page.goForward()
    await page.waitForTimeout(1500)
    equal((await posts('戻るボタン')).length, 1, 'the number of drafts')
  })

  await runner.test('without a network it says so, keeps the text, and saves by itself afterwards', async () => {
    await compose('電波のない場所で')
    await saved(page)
    await context.setOffline(true)
    try {
      await text(page).fill('電波のない場所で書いた')
      await page.getByLabel('公開日時').fill(`${tomorrow}T11:00`)
      await button('予約する').first().click()
      await page.getByRole('alert').filter({ hasText: '接続できません' }).first().waitFor()
      equal(await text(page).inputValue(), '電波のない場所で書いた', 'the text')
    } finally {
      await context.setOffline(false)
    }
    await saved(page) // at once, not only when it would have tried again
    equal(await page.getByRole('alert').filter({ hasText: '接続できません' }).count(), 0, 'sentences that are no longer true')
    await button('予約する').first().click()
    await page.waitForURL(/\/calendar/)
    equal((await posts('電波のない場所で')).map((one) => [one.state, one.text]), [['scheduled', '電波のない場所で書いた']], 'the posts')
  })

  await runner.test('a pasted book stays whole, is counted, and is refused in words', async () => {
    await compose('')
    const book = '吾輩は猫である。名前はまだ無い。'.repeat(1500)
    await text(page).evaluate((area, words) => {
      area.focus()
      document.execCommand('insertText', false, words)
    }, book)
    await page.getByText(/文字オーバー/).first().waitFor()
    await page.getByLabel('公開日時').fill(`${tomorrow}T12:00`)
    await button('予約する').first().click()
    await page.locator('#compose-note').getByText(/文字|バイト/).waitFor()
    equal((await text(page).inputValue()).length, book.length, 'the characters kept')
    equal((await posts('吾輩は猫である')).filter((one) => one.state !== 'draft').length, 0, 'scheduled books')
  })

  await runner.test('only emoji is a post and counts as people count', async () => {
    await compose('👩‍👩‍👧‍👦🇯🇵👍🏽☕️')
    await page.getByText(/296/).first().waitFor() // 300 − 4
    await page.getByLabel('公開日時').fill(`${tomorrow}T13:00`)
    await button('予約する').first().click()
    await page.waitForURL(/\/calendar/)
    equal((await posts('👩‍👩‍👧‍👦🇯🇵👍🏽☕️')).map((one) => one.state), ['scheduled'], 'the posts')
  })

  await runner.test('nothing but characters nobody sees is an empty post', async () => {
    await compose('\u200b\u2060\ufeff \u3000\u200d')
    equal(await button('予約する').first().isDisabled(), true, 'the button is off')
    equal(await button('今すぐ公開').isDisabled(), true, 'the other too')
  })

  await runner.test('Arabic and Hebrew are shown from right to left where they are written and read', async () => {
    const words = 'قهوة الخريف جاهزة الآن'
    await compose(words)
    await saved(page)
    const direction = (where) => where.evaluate((one) => getComputedStyle(one).direction)
    equal(await direction(text(page)), 'rtl', 'in the field')
    await settles(async () => equal(await direction(page.locator('article.post .text')), 'rtl', 'in the preview'))
    await page.getByLabel('公開日時').fill(`${tomorrow}T14:00`)
    await button('予約する').first().click()
    await page.waitForURL(/\/calendar/)
    await page.goto(`${base}/queue`)
    equal(await direction(page.locator('.delivery .text', { hasText: words }).first()), 'rtl', 'in the queue')
  })

  await runner.test('four photos of a camera are made to fit and all go with the post', async () => {
    await compose('四枚の写真')
    const photos = await page.evaluate(async () => {
      const out = []
      for (let n = 0; n < 4; n++) {
        const canvas = new OffscreenCanvas(3000, 2250)
        const pen = canvas.getContext('2d')
        const noise = pen.createImageData(750, 2250)
        for (let at = 0; at < noise.data.length; at += 65536) crypto.getRandomValues(new Uint8Array(noise.data.buffer, at, Math.min(65536, noise.data.length - at)))
        for (let at = 3; at < noise.data.length; at += 4) noise.data[at] = 255
        pen.fillStyle = `hsl(${n * 90} 60% 50%)`
        pen.fillRect(0, 0, 3000, 2250)
        pen.putImageData(noise, 0, 0)
        const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.95 })
        out.push(btoa(new Uint8Array(await blob.arrayBuffer()).reduce((all, byte) => all + String.fromCharCode(byte), '')))
      }
      return out
    })
    truth(photos.every((one) => one.length * 0.75 > 1_000_000), 'the photos are too small to tell')
    await page.locator('input[type=file]').setInputFiles(photos.map((one, n) => ({ name: `IMG_${n}.jpg`, mimeType: 'image/jpeg', buffer: Buffer.from(one, 'base64') })))
    await button('予約する').first().and(page.locator(':enabled')).waitFor({ timeout: 30_000 })
    await page.getByLabel('公開日時').fill(`${tomorrow}T15:00`)
    await button('予約する').first().click()
    await page.waitForURL(/\/calendar/)
    equal((await posts('四枚の写真')).map((one) => [one.state, one.media.length]), [['scheduled', 4]], 'the posts')
  })

  await runner.test('two windows on one post: the second is asked, and no version is lost', async () => {
    await compose('二つの窓')
    await page.waitForURL(/\/compose\/[0-9a-f-]{36}$/)
    await saved(page)
    const other = await context.newPage()
    await other.goto(page.url())
    await settles(async () => equal(await text(other).inputValue(), '二つの窓', 'the other window'))
    await text(other).fill('二つの窓、あとから開いた方')
    await saved(other)
    await text(page).fill('二つの窓、先に開いた方')
    const dialog = page.getByRole('dialog')
    await dialog.getByText('二つの窓、あとから開いた方', { exact: true }).first().waitFor()
    await dialog.getByText('二つの窓、先に開いた方', { exact: true }).first().waitFor()
    equal((await posts('二つの窓')).map((one) => one.text), ['二つの窓、あとから開いた方'], 'the stored text')
    await other.close()
    await dialog.getByRole('button', { name: 'あなたの版で上書き' }).click()
    await settles(async () => equal((await posts('二つの窓')).map((one) => one.text), ['二つの窓、先に開いた方'], 'the stored text'))
  })

  await runner.test('signed out while writing: after signing in again the text is there', async () => {
    await compose('セッションが切れても')
    await page.waitForURL(/\/compose\/[0-9a-f-]{36}$/)
    await saved(page)
    const address = page.url()
    await context.clearCookies()
    await text(page).fill('セッションが切れても消えない')
    await button('デモを見る').click()
    await page.waitForURL(address)
    await settles(async () => equal(await text(page).inputValue(), 'セッションが切れても消えない', 'the text'))
  })

  await runner.test('none of this left an error in the console', async () => {
    equal(faults.filter((one) => !/net::ERR_INTERNET_DISCONNECTED/.test(one)), [], 'console errors')
  })
  await context.close()
}
