// Every screen in both themes and at desk and phone width: no serious finding of axe, no console error, nothing overflowing.
import { equal, openPage, serious } from './browser.mjs'

export const SCREENS = ['/', '/calendar', '/calendar?view=week', '/calendar?view=day', '/calendar?view=list', '/calendar?view=lanes', '/compose', '/queue', '/queue?tab=review', '/queue?tab=attention', '/queue?tab=published', '/series', '/bulk', '/campaigns', '/ideas', '/library', '/tasks', '/tasks?tab=done', '/check', '/check/rules', '/check/own', '/check/count', '/check/tracked', '/inbox', '/inbox?tab=all', '/links', '/links?tab=archived', '/ugc', '/ugc/campaigns', '/contacts', '/contacts?tab=pairs', '/contacts?tab=segments', '/contacts?tab=imports', '/contacts?tab=deletions', '/measure', '/measure/goals', '/measure/goals?tab=archived', '/measure/anomalies', '/measure/anomalies?tab=judged', '/measure/findings', '/measure/imports', '/measure/audience', '/measure/rivals', '/measure/posts?days=90', '/measure/posts?days=90&value=gained&weekday=2&hour=19', '/measure/breakdown?days=90&by=weekday', '/reports', '/reports?tab=scheduled', '/reports?tab=shared', '/results', '/results?tab=list', '/settings/accounts', '/settings/people',
  '/settings/workspace', '/settings/tokens', '/settings/audit', '/settings/me', '/settings/approvals', '/settings/notices', '/settings/words', '/settings/conversions', '/settings/inbox']

async function screensIn(theme, runner, browser, base) {
  for (const width of [1280, 390]) {
    // axe is put into the page by hand, which the page's own policy rightly forbids: only here the policy is passed by.
    const { context, page, faults } = await openPage(browser, { theme, width, bypassCSP: true })
    await page.goto(base)
    const demo = page.getByRole('button', { name: 'デモを見る' })
    await demo.or(page.locator('nav')).first().waitFor()
    if (await demo.isVisible()) await demo.click()
    await page.locator('nav').first().waitFor()
    const campaign = await page.evaluate(async () => {
      const { workspaces } = await (await fetch('/api/v1/session')).json()
      const { campaigns } = await (await fetch(`/api/v1/workspaces/${workspaces[0].workspace_id}/campaigns`)).json()
      return campaigns.find((one) => one.status === 'running').id
    })
    for (const path of [...SCREENS, `/campaigns/${campaign}`]) {
      await runner.test(`${path} in ${theme} at ${width} px is accessible and keeps within the screen`, async () => {
        faults.length = 0
        await page.goto(base + path)
        await page.locator('h1').first().waitFor()
        await page.waitForLoadState('load')
        await page.waitForTimeout(500)
        equal(await serious(page), [], 'findings')
        equal(await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth), false, 'overflow')
        equal(faults, [], 'console errors')
      })
    }
    await context.close()
  }
}

export async function everyScreen(runner, browser, base) {
  // The two themes side by side: each has its own page, and a machine has two cores at least.
  await Promise.all(['light', 'dark'].map((theme) => screensIn(theme, runner, browser, base)))
  await runner.test('the palette, the key list and the day of the calendar are accessible', async () => {
    const { context, page } = await openPage(browser, { bypassCSP: true })
    await page.goto(base)
    const demo = page.getByRole('button', { name: 'デモを見る' })
    await demo.or(page.locator('nav')).first().waitFor()
    if (await demo.isVisible()) await demo.click()
    await page.locator('nav').first().waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: '検索と操作' }).waitFor()
    equal(await serious(page), [], 'findings in the palette')
    await page.keyboard.press('Escape')
    await page.keyboard.press('?')
    await page.getByRole('dialog').waitFor()
    equal(await serious(page), [], 'findings in the key list')
    await context.close()
  })
  for (const [theme, width] of [['light', 1280], ['dark', 390]])
    await runner.test(`what is done with selected conversations is accessible in ${theme} at ${width} px`, async () => {
      const { context, page, faults } = await openPage(browser, { theme, width, bypassCSP: true })
      await page.goto(base)
      const demo = page.getByRole('button', { name: 'デモを見る' })
      await demo.or(page.locator('nav')).first().waitFor()
      if (await demo.isVisible()) await demo.click()
      await page.locator('nav').first().waitFor()
      await page.goto(`${base}/inbox?tab=all`)
      const boxes = page.locator('.thread').getByRole('checkbox')
      await boxes.nth(1).waitFor()
      await boxes.nth(0).click()
      await boxes.nth(1).click({ modifiers: ['Shift'] })
      await page.getByText('2件を選択中').waitFor()
      const shot = async (name) => process.env.HIBIKI_TEST_SHOTS && page.screenshot({ path: `${process.env.HIBIKI_TEST_SHOTS}/inbox-${name}-${theme}-${width}.png` })
      await shot('bulk')
      equal(await serious(page), [], 'findings with the bar')
      equal(await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth), false, 'overflow')
      for (const key of ['a', 's', 't', '?']) {
        await page.keyboard.press(key)
        await page.getByRole('dialog').waitFor()
        await page.waitForTimeout(200)
        await shot(key === '?' ? 'keys' : key)
        equal(await serious(page), [], `findings of ${key}`)
        await page.keyboard.press('Escape')
        await page.getByRole('dialog').waitFor({ state: 'detached' })
      }
      equal(faults, [], 'console errors')
      await context.close()
    })
}
