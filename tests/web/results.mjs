// Conversions on the demo: the script in a page of another site, with and without consent; a table with faults and mended; the settings; what came of it.
import http from 'node:http'
import { equal, openPage, truth } from './browser.mjs'

/** A shop's site that includes the script. */
function shop(scriptUrl) {
  const server = http.createServer((request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' })
    response.end(`<!doctype html><html lang="ja"><title>店</title><script>window.hibiki=window.hibiki||function(){(hibiki.q=hibiki.q||[]).push(arguments)}</script><script async src="${scriptUrl}"></script><h1>店</h1>`)
  })
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve({ url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() })))
}

export async function results(runner, browser, base) {
  const { context, page, faults } = await openPage(browser)
  const api = (path) => page.evaluate(async (address) => {
    const session = await (await fetch('/api/v1/session')).json()
    return (await fetch(`/api/v1/workspaces/${session.workspaces[0].workspace_id}${address}`)).json()
  }, path)
  const told = async (id) => (await api('/conversions?limit=500')).conversions.filter((one) => one.external_id === id).length

  await page.goto(base)
  const demo = page.getByRole('button', { name: 'デモを見る' })
  await demo.or(page.locator('nav')).first().waitFor()
  if (await demo.isVisible()) await demo.click()
  await page.locator('nav').first().waitFor()
  const settings = await api('/conversion-settings')
  const script = `${base}/t/${settings.beacon_url.split('/').at(-2)}/hibiki.js`
  const site = await shop(script)

  await runner.test('the script stores and sends nothing before consent, then what happened meanwhile', async () => {
    const visitor = await browser.newContext()
    const page = await visitor.newPage()
    const sent = []
    page.on('request', (request) => request.method() === 'POST' && sent.push(request.postData()))
    await page.goto(`${site.url}?hib_click=1a2b`)
    await page.waitForFunction(() => !globalThis.hibiki.q)
    await page.evaluate(() => globalThis.hibiki('convert', { kind: 'purchase', id: 'SHOP-1', value_minor: 1980, currency: 'JPY' }))
    await page.evaluate(() => history.pushState({}, '', '/thanks'))
    await page.waitForTimeout(500)
    equal(sent, [], 'what was sent before consent')
    equal(await page.evaluate(() => [localStorage.length, document.cookie]), [0, ''], 'what was stored before consent')
    await page.evaluate(() => globalThis.hibiki('consent', true))
    await page.waitForFunction(() => localStorage.length === 1)
    await page.waitForTimeout(500)
    truth(sent.length === 1 && sent[0].includes('"1a2b"') && sent[0].includes('SHOP-1'), `one call with the click and the order: ${sent}`)
    await page.evaluate(() => globalThis.hibiki('consent', false))
    await page.evaluate(() => globalThis.hibiki('convert', { kind: 'purchase', id: 'SHOP-2' }))
    await page.waitForTimeout(300)
    equal([sent.length, await page.evaluate(() => localStorage.length)], [1, 0], 'after consent was taken back')
    equal((await visitor.cookies()).length, 0, 'cookies')
    await visitor.close()
  })

  await runner.test('what the page told is in the list, and what it was not allowed to is not', async () => {
    equal([await told('SHOP-1'), await told('SHOP-2')], [1, 0], 'conversions')
    await page.goto(`${base}/results?tab=list`)
    await page.getByText('SHOP-1').waitFor()
  })

  await runner.test('a table shows its faults, is stored once mended, and is taken back', async () => {
    const give = (text) => page.getByTestId('table').setInputFiles({ name: '注文.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
    await give('種類,番号,日時,金額,通貨\n盗難,W-1,2026-11-01,100,JPY\n')
    await page.getByText('成果の種類が分かりません').waitFor()
    truth(await page.getByRole('button', { name: '1件を記録する' }).isDisabled(), 'the button is off')
    await page.getByRole('button', { name: '別の表' }).click()
    await give('種類,番号,日時,金額,通貨\n購入,W-1,2026-11-01,100,JPY\n')
    await page.getByRole('button', { name: '1件を記録する' }).click()
    await page.getByText('1件を記録しました').waitFor()
    equal(await told('W-1'), 1, 'stored')
    await page.getByRole('button', { name: '取り消す', exact: true }).first().click()
    await page.getByText('取り消しました').first().waitFor()
    equal(await told('W-1'), 0, 'after it was taken back')
  })

  await runner.test('the settings give the code, a secret once, and a test that stores nothing', async () => {
    await page.goto(`${base}/settings/conversions`)
    truth((await page.getByLabel('貼り付けるコード').inputValue()).includes('/hibiki.js'), 'the code')
    await page.getByRole('button', { name: '新しい秘密鍵を作る' }).click()
    await page.getByLabel('秘密鍵', { exact: true }).waitFor()
    await page.getByRole('button', { name: '試しに送る' }).click()
    await page.getByText('X-Hibiki-Signature: t=').waitFor()
    const days = page.getByLabel('クリックと訪問者の結びつきを何日残すか')
    equal(await days.inputValue(), '400', 'at first')
    await days.fill('90')
    await page.getByRole('button', { name: '保存する', exact: true }).click()
    await page.getByText('保存しました').first().waitFor()
    await page.reload()
    equal(await days.inputValue(), '90', 'kept')
  })

  await runner.test('what led there is credited by the method that is chosen, with the paths people took', async () => {
    await page.goto(`${base}/results`)
    await page.getByRole('heading', { level: 1, name: '成果' }).waitFor()
    const row = page.getByRole('row').filter({ hasText: 'Instagram' }).first()
    await row.getByText('95%の区間').waitFor()
    await page.getByLabel('方法').selectOption({ label: '最後の接点' })
    await page.getByRole('columnheader').nth(1).getByText('最後の接点').waitFor()
    await page.getByRole('heading', { name: 'たどった道' }).waitFor()
    equal(faults, [], 'console errors')
  })
  site.close()
  await context.close()
}
