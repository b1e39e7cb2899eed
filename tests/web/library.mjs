// The library on the demo: files dropped in and found again, rights written down, tags of several at once with undo, what looks alike side by side; and the composer,
// which takes from it and crops for one network.
import { equal, openPage, settles, truth } from './browser.mjs'

/** A picture of its own for each seed, as PNG bytes; the same at every size. */
const picture = (page, seed, width, height) => page.evaluate(async ([start, w, h]) => {
  const canvas = Object.assign(document.createElement('canvas'), { width: w, height: h })
  const pen = canvas.getContext('2d')
  let state = start
  const next = (n) => { state = (Math.imul(state, 1664525) + 1013904223) >>> 0; return (state >>> 8) % n }
  for (let i = 0; i < 60; i++) {
    pen.fillStyle = `rgb(${next(256)}, ${next(256)}, ${next(256)})`
    pen.fillRect((next(900) * w) / 1000, (next(900) * h) / 1000, ((60 + next(400)) * w) / 1000, ((60 + next(400)) * h) / 1000)
  }
  const blob = await new Promise((done) => canvas.toBlob(done, 'image/png'))
  return [...new Uint8Array(await blob.arrayBuffer())]
}, [seed, width, height])

export async function library(runner, browser, base) {
  const { context, page, faults } = await openPage(browser)
  const button = (name, where = page) => where.getByRole('button', { name, exact: true })
  const becomes = (look, what) => settles(async () => truth(await look(), what))
  const dialog = page.getByRole('dialog')
  const tile = (name) => page.getByRole('listitem').filter({ has: button(name) })
  const file = async (name, seed, width, height) => ({ name, mimeType: 'image/png', buffer: Buffer.from(await picture(page, seed, width, height)) })
  const api = (path, options) => page.evaluate(async ([address, init]) => {
    const session = await (await fetch('/api/v1/session')).json()
    const reply = await fetch(`/api/v1/workspaces/${session.workspaces[0].workspace_id}${address}`, { ...init, headers: { 'X-CSRF-Token': session.csrf, 'Content-Type': 'application/json' } })
    return reply.status === 204 ? null : reply.json()
  }, [path, options ?? {}])

  await page.goto(base)
  await page.locator('nav').first().waitFor()

  await runner.test('files dropped into the library are there under their names, and found by words', async () => {
    await page.keyboard.press('g')
    await page.keyboard.press('l')
    await page.getByRole('heading', { level: 1, name: '素材' }).waitFor()
    const files = [await file('店の前.png', 11, 900, 600), await file('コーヒー豆.png', 12, 900, 600)]
    const drop = await page.evaluateHandle((all) => {
      const data = new DataTransfer()
      for (const one of all) data.items.add(new File([new Uint8Array(one.bytes)], one.name, { type: 'image/png' }))
      return data
    }, files.map(({ name, buffer }) => ({ name, bytes: [...buffer] })))
    await page.getByRole('region', { name: '素材', exact: true }).first().dispatchEvent('drop', { dataTransfer: drop })
    await button('コーヒー豆.png').waitFor()
    await button('店の前.png').waitFor()
    await page.getByRole('searchbox', { name: '素材を探す' }).fill('ｺｰﾋｰ')
    await becomes(async () => (await button('コーヒー豆.png').count()) === 1 && (await button('店の前.png').count()) === 0, 'only what was asked for')
    await page.getByRole('searchbox', { name: '素材を探す' }).fill('')
    await button('店の前.png').waitFor()
  })

  await runner.test('rights are written down and what has ended says so', async () => {
    await button('店の前.png').click()
    await dialog.getByLabel('題名').fill('店の前(夏)')
    await dialog.getByLabel('代替テキスト').fill('夏の日差しの店先')
    await dialog.getByLabel('権利者').fill('山田写真事務所')
    await dialog.getByLabel('使用の根拠').selectOption({ label: '許諾を受けた' })
    await dialog.getByLabel('使用期限').fill('2020-03-31')
    await dialog.getByLabel('写っている人の同意').selectOption({ label: '得ている' })
    await dialog.getByLabel('同意書の場所').fill('共有フォルダ/同意書/12')
    await button('保存する', dialog).click()
    await tile('店の前(夏)').getByText('期限切れ').waitFor()
    await page.getByLabel('絞り込み').selectOption({ label: '期限が切れた' })
    await becomes(async () => (await button('コーヒー豆.png').count()) === 0, 'only what has ended')
    await page.getByLabel('絞り込み').selectOption({ label: 'すべて' })
    await button('店の前(夏)').click()
    await dialog.getByLabel('使用期限').fill('')
    await button('保存する', dialog).click()
    await becomes(async () => !(await tile('店の前(夏)').getByText('期限切れ').count()), 'no end any more')
  })

  await runner.test('several are tagged together, and it can be undone', async () => {
    await tile('店の前(夏)').getByRole('checkbox').check()
    await tile('コーヒー豆.png').getByRole('checkbox').check()
    await page.getByText('2 件を選択中').waitFor()
    await page.getByRole('combobox', { name: 'タグ' }).last().fill('夏 店')
    await button('タグを付ける').click()
    await tile('コーヒー豆.png').getByText('#夏').waitFor()
    await button('元に戻す').click()
    await becomes(async () => !(await tile('コーヒー豆.png').getByText('#夏').count()), 'the tag is gone')
    await button('選択をやめる').click()
  })

  await runner.test('a smaller copy is told as the same picture, side by side', async () => {
    await page.locator('input[type=file]').setInputFiles([await file('店の前-小.png', 11, 300, 200)])
    await button('店の前-小.png').waitFor()
    await tile('店の前-小.png').getByText('似た素材 1').waitFor()
    await button('店の前-小.png').click()
    await dialog.getByText('ほぼ同じ画像').waitFor()
    await dialog.getByRole('button', { name: /^こちらを開く.*店の前\(夏\)$/ }).click()
    await dialog.getByLabel('題名').waitFor()
    equal(await dialog.getByLabel('権利者').inputValue(), '山田写真事務所', 'the other one')
    await page.keyboard.press('Escape')
  })

  await runner.test('a post takes from the library with its alternative text, and is cropped for one network', async () => {
    await page.goto(`${base}/compose`)
    await page.getByRole('textbox', { name: '本文' }).fill('夏の店先です')
    await button('素材から選ぶ').click()
    await dialog.getByRole('searchbox', { name: '素材を探す' }).fill('店の前(夏)')
    await button('店の前(夏)', dialog).click()
    await button('1 件を使う', dialog).click()
    equal(await page.getByLabel('画像 1 · 代替テキスト').inputValue(), '夏の日差しの店先', 'the text it begins with')
    await page.getByRole('button', { name: '画像 1: ネットワークごとの切り抜き' }).click()
    const network = page.getByRole('group', { name: '切り抜くネットワーク' }).getByRole('button').first()
    const title = (await network.textContent()).trim()
    await page.getByRole('combobox', { name: /^形/ }).selectOption({ label: '1:1' })
    await page.getByRole('group', { name: '切り抜くネットワーク' }).getByText(`${title} ✓`).waitFor()
    await page.waitForURL(/compose\/[0-9a-f-]{36}$/) // it is kept by itself
    const post = page.url().split('/').pop()
    let stored
    await becomes(async () => (stored = (await api(`/posts/${post}`)).media[0])?.crops, 'the crop is kept')
    equal(stored.crops.map(({ width, height }) => [width, height]), [[0.6667, 1]], 'a square of three to two')
    await page.goto(`${base}/library?media=${stored.media_id}`)
    await dialog.getByText('夏の店先です').waitFor()
    equal(faults, [], 'console errors')
  })
  await context.close()
}
